import type { ReactNode } from "react";
import { cx } from "@/ui/class-names";

/** What is too wide for a narrow page scrolls in its place, by keyboard too; with `isLow` what is long as well. */
export function ScrollRegion({ label, isLow, children }: { label: string; isLow?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody scrolls here who has no pointer
    <section aria-label={label} tabIndex={0} className={cx("overflow-x-auto", isLow && "max-h-80 overflow-y-auto")}>
      {children}
    </section>
  );
}
