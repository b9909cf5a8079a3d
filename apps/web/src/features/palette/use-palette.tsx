"use client";
import dynamic from "next/dynamic";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

interface Palette {
  open: () => void;
  toggle: () => void;
}

const PaletteContext = createContext<Palette>({ open: () => {}, toggle: () => {} });

const load = () => import("@/features/palette/palette-dialog").then((module) => module.PaletteDialog);
const PaletteDialog = dynamic(load, { ssr: false });

/** Opens the palette: search and actions. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const palette = useMemo<Palette>(() => ({ open: () => setOpen(true), toggle: () => setOpen((open) => !open) }), []);
  // Fetched while nothing else happens, so that the first Ctrl+K is as quick as the second.
  useEffect(() => {
    const timer = setTimeout(() => void load(), 1500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <PaletteContext value={palette}>
      {children}
      {isOpen && <PaletteDialog onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
