"use client";
import { useTheme } from "next-themes";
import { useEffect, useState } from "react";

/** Night or day: follows the system until the reader chooses. */
export function useThemeSwitch(): { isDark: boolean; toggle: () => void } {
  const { resolvedTheme, setTheme } = useTheme();
  // The server cannot know the theme; the first render in the browser must equal the server's.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const isDark = isMounted && resolvedTheme === "dark";
  return { isDark, toggle: () => setTheme(resolvedTheme === "dark" ? "light" : "dark") };
}
