/** The mark: a solid training curve, a dashed validation curve, and the gap between them. */
export function Logo() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" aria-hidden="true" className="shrink-0">
      <path d="M3 20C7 9 12 5 21 4v6.5C13 10.5 8 13.5 3 20z" fill="var(--accent)" opacity="0.22" />
      <path d="M3 20C7 9 12 5 21 4" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M3 20c5-6.5 10-9.5 18-9.5"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeDasharray="2.5 3.2"
      />
    </svg>
  );
}
