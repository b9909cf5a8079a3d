import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
  /** A few words of where the value comes from, under it. */
  note?: ReactNode;
}

/** Names and their values, in columns where there is room. */
export function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(180px,1fr))] gap-x-6 gap-y-3">
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
