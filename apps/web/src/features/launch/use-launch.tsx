"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useOptionalSession } from "@/features/frame/session";
import type { TrainingConfigInput } from "@/gql/graphql";
import { deferred } from "@/ui/deferred";

/** What the launch dialog starts with: ids of experiment and dataset, and the settings that differ from the recommendation. */
export interface LaunchPrefill {
  experiment?: string;
  dataset?: string;
  config?: Partial<TrainingConfigInput>;
}

interface Launch {
  open: (prefill?: LaunchPrefill) => void;
}

const LaunchContext = createContext<Launch>({ open: () => {} });

// The dialog and what it needs come over the wire when it is first opened.
const LaunchDialog = deferred(() => import("@/features/launch/launch-dialog").then((module) => module.LaunchDialog));

/** Opens the launch dialog over whatever page is on screen. */
export function useLaunch(): Launch {
  return useContext(LaunchContext);
}

export function LaunchProvider({ children }: { children: ReactNode }) {
  const session = useOptionalSession();
  const [prefill, setPrefill] = useState<LaunchPrefill | null>(null);
  const launch = useMemo<Launch>(() => ({ open: (next = {}) => setPrefill(next) }), []);
  return (
    <LaunchContext value={launch}>
      {children}
      {session && prefill && <LaunchDialog prefill={prefill} onClose={() => setPrefill(null)} />}
    </LaunchContext>
  );
}
