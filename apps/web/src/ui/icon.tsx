import { cx } from "@/ui/class-names";

// Strokes on a 16 × 16 grid, drawn for this dashboard.
const strokes = {
  experiment: "M6 2v4.2L2.8 12a1.4 1.4 0 0 0 1.2 2h8a1.4 1.4 0 0 0 1.2-2L10 6.2V2M5 2h6M4.6 9.5h6.8",
  run: "M2 13 6 6.5l3 3.5 5-7.5",
  compare: "M5 2v12M11 2v12M2 5h3M2 9h3M11 7h3M11 11h3",
  model: "M8 1.8 14 5v6l-6 3.2L2 11V5zM2 5l6 3.2L14 5M8 8.2v6",
  dataset: "M2.5 4.5h11v9h-11zM4.5 2.5h7M5 11l2.2-2.6L9 10.3l1.4-1.3 1.6 2",
  worker: "M4 4h8v8H4zM6.5 1.5V4M9.5 1.5V4M6.5 12v2.5M9.5 12v2.5M1.5 6.5H4M1.5 9.5H4M12 6.5h2.5M12 9.5h2.5",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8",
  settings: "M2 5h7M13 5h1M2 11h1M7 11h7M11 3.2v3.6M5 9.2v3.6",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7v4.2M9.2 7v4.2",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
  language: "M2 4h7M5.5 2.5V4M7.8 4C7.2 7 5 9 2.3 10M3.4 6.2C4.4 8 6 9.3 8 10M8 14l3-7 3 7M9 11.8h4",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  plus: "M8 3v10M3 8h10",
  check: "M3 8.5 6.5 12 13 4.5",
  chevronDown: "M4 6l4 4 4-4",
  chevronRight: "M6 4l4 4-4 4",
  chevronUp: "M4 10l4-4 4 4",
  sidebar: "M2 3h12v10H2zM6 3v10",
  play: "M4.5 2.8v10.4L13 8z",
  stop: "M4 4h8v8H4z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  share: "M8 10V2M5 4.5 8 1.8l3 2.7M4 7.5H3v6.5h10V7.5h-1",
  refresh: "M13.3 6.5A5.6 5.6 0 0 0 3.2 5M2.7 9.5A5.6 5.6 0 0 0 12.8 11M3 2v3.2h3.2M13 14v-3.2H9.8",
  download: "M8 2v8M5 7.5 8 10.5l3-3M3 13.5h10",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.6M8 5v.2",
  keyboard: "M1.5 4h13v8h-13zM4 6.6h.01M6.7 6.6h.01M9.3 6.6h.01M12 6.6h.01M5 9.4h6",
  folder: "M1.8 3.5h4.4l1.4 1.6h6.6v7.9H1.8z",
  key: "M10.5 8.5a3 3 0 1 0-2.9-2.2L2.5 11.4v2.1h2.6v-1.7h1.7v-1.7l1.5-1.7a3 3 0 0 0 2.2.1z",
  filter: "M2 3.5h12M4.5 8h7M6.5 12.5h3",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5 6 3.5M3 6.5l3 3",
} as const;

export type IconName = keyof typeof strokes;

/** A 16 px line icon, decorative: what it means must be said in text or in the label of its button. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 2 : 1.35}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={cx("shrink-0", className)}
    >
      <path d={strokes[name]} />
    </svg>
  );
}
