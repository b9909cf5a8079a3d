"use client";
import { useEffect, useState } from "react";

/** The time in ms, renewed every so many ms: for ages and times left. null before the page has come alive, so that server and browser agree. */
export function useNow(everyMs = 1000): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
