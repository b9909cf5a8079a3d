import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
  /** A few words of where the value comes from, under it. */
  note?: ReactNode;
}

/** Names and their values, in columns of at least so many pixels. */
export function FactList({ facts, columnWidth = 180 }: { facts: Fact[]; columnWidth?: number }) {
  return (
    <dl
      className="grid gap-x-6 gap-y-3"
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${columnWidth}px, 1fr))` }}
    >
      {facts.map(({ label, value, note }) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-ink-3">{label}</dt>
          <dd className="tabular text-base break-words">{value}</dd>
          {note && <dd className="text-xs text-ink-3">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
