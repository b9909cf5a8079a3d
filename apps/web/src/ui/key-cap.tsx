/** A key as it is printed on the keyboard. */
export function KeyCap({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong bg-panel px-1 font-sans text-xs text-ink-2">
      {children}
    </kbd>
  );
}
