import type { ReactNode } from "react";

/** The head of a page: its name, what it says about itself, and its actions at the right. */
export function PageHeader({
  title,
  children,
  actions,
}: {
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-4 pb-3 md:px-6">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        {children && <div className="mt-0.5 text-ink-2">{children}</div>}
      </div>
      {actions && (
        <div className="flex flex-wrap items-center gap-2" data-print="hide">
          {actions}
        </div>
      )}
    </header>
  );
}

/** A part of a page under a heading and a hairline. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t px-4 py-4 md:px-6">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="flex-1 text-base font-semibold">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
