import type { ReactNode } from "react";
import { cx } from "@/ui/class-names";

const tones = {
  neutral: "border-line-strong text-ink-2",
  accent: "border-transparent bg-accent-soft text-accent",
  warn: "border-transparent bg-warn-soft text-warn",
  bad: "border-transparent bg-bad-soft text-bad",
} as const;

export type Tone = keyof typeof tones;

/** A word or two that says a state. The tone repeats what the words say; it never says it alone. */
export function Chip({ tone = "neutral", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={cx("inline-flex h-5 items-center gap-1 rounded border px-1.5 text-xs whitespace-nowrap", tones[tone])}
    >
      {children}
    </span>
  );
}
