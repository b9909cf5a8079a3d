import { decimalFormat, spokenBytes, spokenCompact, spokenNumber } from "@/lib/format";
import type { ChartAxis } from "./chart-view";
import type { ValueUnit } from "./metric-lines";

/** Decimals that `step` itself has, so that ticks which lie this far apart are written apart: 2.5 has one. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 6;
}

/** A tick of the vertical axis: shares in per cent, everything else as it was logged. */
export function verticalTick(locale: string, unit: ValueUnit, value: number, step: number): string {
  if (value === 0) return unit === "share" ? "0 %" : "0";
  if (unit === "bytes") return bytesTick(locale, value, step);
  // A logarithmic axis has no even step.
  if (!(step > 0)) return unit === "share" ? `${spokenNumber(locale, value * 100)} %` : spokenNumber(locale, value);
  if (unit === "share") return `${decimalFormat(locale, decimalsOf(step * 100)).format(value * 100)} %`;
  if (Math.abs(value) >= 10_000) return spokenCompact(locale, value);
  if (value !== 0 && Math.abs(value) < 1e-3) return spokenNumber(locale, value);
  return decimalFormat(locale, decimalsOf(step)).format(value);
}

/** Bytes in the unit of the value, with the decimals that tell it from its neighbour. */
function bytesTick(locale: string, value: number, step: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
  const size = 1024 ** unit;
  // Steps are powers of two: 1/8 of a unit is said as 0.13, since nobody reads 0.125 GiB.
  const decimals = step > 0 && step < size ? Math.min(4, Math.ceil(-Math.log10(step / size))) : 0;
  return `${decimalFormat(locale, decimals).format(value / size)} ${units[unit]}`;
}

/** A tick of the horizontal axis: seconds as a clock, steps and epochs as counts. */
export function horizontalTick(locale: string, axis: ChartAxis, value: number): string {
  if (axis === "time") return clock(value);
  if (Math.abs(value) >= 10_000) return spokenCompact(locale, value);
  return decimalFormat(locale, Number.isInteger(value) ? 0 : 2).format(value);
}

/** Seconds as 0:05, 12:30 or 3:05:00. */
export function clock(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const two = (count: number) => String(count).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const sign = seconds < 0 && whole > 0 ? "−" : "";
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${two(whole % 60)}` : `${sign}${minutes}:${two(whole % 60)}`;
}

/** A logged value as hover lists and tables say it. */
export function loggedValue(locale: string, unit: ValueUnit, value: number): string {
  if (unit === "bytes" && value >= 0 && Number.isFinite(value)) return spokenBytes(locale, value);
  if (Number.isFinite(value))
    return unit === "share" ? `${decimalFormat(locale, 2).format(value * 100)} %` : spokenNumber(locale, value);
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "−∞";
}
