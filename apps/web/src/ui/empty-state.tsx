import type { ReactNode } from "react";

/** What a place says that has nothing to show yet: what it will hold, what to do next, and one button for that. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-16 text-center">
      <h2 className="text-base font-semibold">{title}</h2>
      {children && <div className="text-ink-2">{children}</div>}
      {action && <div className="pt-2">{action}</div>}
    </div>
  );
}
