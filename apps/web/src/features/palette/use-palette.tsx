"use client";
import dynamic from "next/dynamic";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

interface Palette {
  open: () => void;
  toggle: () => void;
  /** Fetches what draws it, because somebody is about to open it. */
  prepare: () => void;
}

const PaletteContext = createContext<Palette>({ open: () => {}, toggle: () => {}, prepare: () => {} });

const load = () => import("@/features/palette/palette-dialog").then((module) => module.PaletteDialog);
const PaletteDialog = dynamic(load, { ssr: false });

/** Opens the palette: search and actions. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const palette = useMemo<Palette>(
    () => ({ open: () => setOpen(true), toggle: () => setOpen((open) => !open), prepare: () => void load() }),
    [],
  );
  // Who holds Ctrl down is likely to press K next: by then the palette is here.
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === "Control" || key === "Meta") void load();
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
