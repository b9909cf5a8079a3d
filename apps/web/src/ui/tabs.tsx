"use client";
import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";

/** Tabs over panels. The chosen tab belongs into the URL: pass it as value. */
export function Tabs<Key extends string>({
  value,
  onValueChange,
  tabs,
  label,
}: {
  value: Key;
  onValueChange: (value: Key) => void;
  tabs: { key: Key; title: string; badge?: ReactNode; content: ReactNode }[];
  label: string;
}) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onValueChange(next as Key)}>
      <Primitive.List aria-label={label} className="flex gap-4 overflow-x-auto border-b" data-print="hide">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.key}
            value={tab.key}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent text-sm text-ink-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.title}
            {tab.badge}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.key} value={tab.key} className="pt-4 outline-none">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
