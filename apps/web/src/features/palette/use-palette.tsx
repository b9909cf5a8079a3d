"use client";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { deferred } from "@/ui/deferred";

interface Palette {
  open: () => void;
  toggle: () => void;
  /** Fetches what draws it, because somebody is about to open it. */
  prepare: () => void;
}

const PaletteContext = createContext<Palette>({ open: () => {}, toggle: () => {}, prepare: () => {} });

const PaletteDialog = deferred(() =>
  import("@/features/palette/palette-dialog").then((module) => module.PaletteDialog),
);

/** Opens the palette: search and actions. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const palette = useMemo<Palette>(
    () => ({ open: () => setOpen(true), toggle: () => setOpen((open) => !open), prepare: PaletteDialog.prepare }),
    [],
  );
  // Who holds Ctrl down is likely to press K next: by then the palette is here.
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === "Control" || key === "Meta") PaletteDialog.prepare();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <PaletteContext value={palette}>
      {children}
      {isOpen && <PaletteDialog onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
