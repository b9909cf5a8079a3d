const pattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})?)?$/i;

const day = 86_400_000;

/** The canonical form of a date or time in UTC, as precise as it was typed; null when it is none. Without a zone it is UTC. */
export function momentText(text: string): string | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, date = "", time, seconds, fraction, zone = "Z"] = match;
  if (fraction && !seconds) return null;
  const at = Date.parse(
    time ? `${date}T${time}${seconds ?? ":00"}${(fraction ?? ".").padEnd(4, "0")}${zone.toUpperCase()}` : date,
  );
  if (Number.isNaN(at)) return null;
  const iso = new Date(at).toISOString();
  // Date.parse takes 2026-02-30 for March 2.
  if (!time && iso.slice(0, 10) !== date) return null;
  if (!time) return date;
  if (fraction) return iso;
  return seconds ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 16)}Z`;
}

/** The span that a moment of this form means, in milliseconds since 1970; its end is not part of it. */
export function momentSpan(text: string): { from: number; to: number } {
  const from = Date.parse(text.length === 17 ? text.replace("Z", ":00Z") : text);
  const length = text.length === 10 ? day : text.length === 17 ? 60_000 : text.length === 20 ? 1_000 : 1;
  return { from, to: from + length };
}

const units = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
const part = /(\d+(?:\.\d+)?)(d|h|m|s)/gy;

/** Seconds of a duration such as `2h`, `1h30m` or `0.5s`; null when the text is none. */
export function durationSeconds(text: string): number | null {
  if (!/^(\d+(\.\d+)?[dhms])+$/.test(text)) return null;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(part)) seconds += Number(count) * units[unit as keyof typeof units];
  return seconds;
}

/** A duration in the largest unit that divides it. */
export function durationText(seconds: number): string {
  for (const [unit, length] of Object.entries(units))
    if (seconds >= length && seconds % length === 0) return `${decimal(seconds / length)}${unit}`;
  return `${decimal(seconds)}s`;
}

// 1e-7 and 1e21 are numbers, but no digits.
function decimal(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
