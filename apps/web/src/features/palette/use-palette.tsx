"use client";
import dynamic from "next/dynamic";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

interface Palette {
  open: () => void;
  toggle: () => void;
}

const PaletteContext = createContext<Palette>({ open: () => {}, toggle: () => {} });

const PaletteDialog = dynamic(
  () => import("@/features/palette/palette-dialog").then((module) => module.PaletteDialog),
  {
    ssr: false,
  },
);

/** Opens the palette: search and actions. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const palette = useMemo<Palette>(() => ({ open: () => setOpen(true), toggle: () => setOpen((open) => !open) }), []);
  return (
    <PaletteContext value={palette}>
      {children}
      {isOpen && <PaletteDialog onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
