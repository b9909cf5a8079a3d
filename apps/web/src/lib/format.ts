/** An estimate with its 95 % interval, as the API gives it. */
export interface IntervalValue {
  estimate: unknown;
  low?: unknown;
  high?: unknown;
}

/** A finite number, or null: the API sends "NaN" and the infinities as words. */
export function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/**
 * Decimals that an interval of this half width bears: the half width is said with two significant figures below 10 units and with
 * one above, never with more than `most` decimals. ± 1.8 → 1; ± 0.24 → 2; ± 12 → 0.
 */
export function decimalsFor(halfWidth: number, most = 2): number {
  if (!(halfWidth > 0)) return Math.min(1, most);
  return Math.max(0, Math.min(most, 1 - Math.floor(Math.log10(halfWidth))));
}

export interface SpokenInterval {
  value: string;
  /** The half width where the interval is (nearly) even about its estimate, else null. */
  plusMinus: string | null;
  range: string | null;
}

/** A share (0 … 1) in percent with its uncertainty: { value: "91.4 %", plusMinus: "1.8", range: "89.4 … 93.1 %" }. */
export function spokenPercent(locale: string, interval: IntervalValue): SpokenInterval | null {
  const estimate = finite(interval.estimate);
  if (estimate === null) return null;
  const low = finite(interval.low);
  const high = finite(interval.high);
  const half = low === null || high === null ? null : Math.max(high - estimate, estimate - low) * 100;
  const decimals = half === null ? 1 : Math.min(1, decimalsFor(half));
  const number = decimalFormat(locale, decimals);
  return {
    value: `${number.format(estimate * 100)} %`,
    plusMinus: half === null ? null : number.format(half),
    range: low === null || high === null ? null : `${number.format(low * 100)} … ${number.format(high * 100)} %`,
  };
}

/** A difference of shares in percentage points with its sign: "+3.1 pp" ("+3.1" without a unit), and its interval "−0.2 … +6.4". */
export function spokenPoints(locale: string, interval: IntervalValue, unit: string | null): SpokenInterval | null {
  const estimate = finite(interval.estimate);
  if (estimate === null) return null;
  const low = finite(interval.low);
  const high = finite(interval.high);
  const signed = numberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  const say = (value: number) => signed.format(value * 100).replace("-", "−");
  return {
    value: unit === null ? say(estimate) : `${say(estimate)} ${unit}`,
    plusMinus: null,
    range: low === null || high === null ? null : `${say(low)} … ${say(high)}`,
  };
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** A number format, made once: making one costs more than using it a thousand times, and a table has hundreds of numbers. */
function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(key, format);
  }
  return format;
}

/** A number format with exactly so many decimals. */
export function decimalFormat(locale: string, decimals: number): Intl.NumberFormat {
  return numberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A count with its thousands set apart: 23,508,032. */
export function spokenCount(locale: string, count: number): string {
  return decimalFormat(locale, 0).format(count);
}

/** A big number in short: 25.6 M, 4.1 G. Three significant figures. */
export function spokenCompact(locale: string, value: number): string {
  const units = ["", "k", "M", "G", "T", "P"];
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const number = numberFormat(locale, { maximumSignificantDigits: 3 }).format(scaled);
  return unit === 0 ? number : `${number} ${units[unit]}`;
}

/** Bytes in binary units: 1.46 MiB. */
export function spokenBytes(locale: string, bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${numberFormat(locale, { maximumSignificantDigits: 3 }).format(bytes / 1024 ** unit)} ${units[unit]}`;
}

/** A measured value of any size: four significant figures, powers of ten far from one. Words for what is not finite. */
export function spokenNumber(locale: string, value: unknown): string {
  if (value === "Infinity") return "∞";
  if (value === "-Infinity") return "−∞";
  const number = finite(value);
  if (number === null) return "NaN";
  const size = Math.abs(number);
  const notation = size !== 0 && (size < 1e-4 || size >= 1e9) ? "scientific" : "standard";
  const text = numberFormat(locale, { maximumSignificantDigits: size >= 1000 ? 6 : 4, notation }).format(number);
  // As everybody types a learning rate.
  return text.replace("E", "e");
}

const timeUnits = [
  { seconds: 86_400, en: "d", de: "T" },
  { seconds: 3600, en: "h", de: "h" },
  { seconds: 60, en: "min", de: "min" },
  { seconds: 1, en: "s", de: "s" },
] as const;

/** A span of time in its two largest units: 42 s, 3 min 5 s, 2 h 14 min, 3 d 4 h. Below ten seconds with a tenth. */
export function spokenDuration(locale: string, seconds: number): string {
  if (seconds < 9.95) return `${decimalFormat(locale, 1).format(Math.max(0, seconds))} s`;
  const whole = Math.round(seconds);
  const first = timeUnits.findIndex((unit) => whole >= unit.seconds);
  const larger = timeUnits[first] ?? timeUnits[3];
  const smaller = timeUnits[first + 1];
  const rest = smaller ? Math.floor((whole % larger.seconds) / smaller.seconds) : 0;
  const spoken = inUnit(locale, Math.floor(whole / larger.seconds), larger);
  return smaller && rest > 0 ? `${spoken} ${inUnit(locale, rest, smaller)}` : spoken;
}

/** A span of time that is only estimated, in one unit: 40 s, 2 min, 3 h. */
export function spokenEstimate(locale: string, seconds: number): string {
  const unit = timeUnits.find((one) => seconds >= 1.5 * one.seconds) ?? timeUnits[3];
  return inUnit(locale, Math.max(1, Math.round(seconds / unit.seconds)), unit);
}

function inUnit(locale: string, count: number, unit: (typeof timeUnits)[number]): string {
  return `${decimalFormat(locale, 0).format(count)} ${locale === "de" ? unit.de : unit.en}`;
}

/** An amount in a currency (ISO 4217): "€1.20", "1,20 €". What is less than its smallest coin keeps two figures. */
export function spokenMoney(locale: string, { amount, currency }: { amount: number; currency: string }): string {
  const isSmall = amount > 0 && amount < 0.1;
  const digits = isSmall ? { maximumSignificantDigits: 2 } : {};
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(amount);
}

/** How long ago, or until: "3 minutes ago". */
export function spokenRelative(locale: string, at: number, now: number): string {
  const seconds = (at - now) / 1000;
  const size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (size < 45) return format.format(Math.round(seconds), "second");
  if (size < 2700) return format.format(Math.round(seconds / 60), "minute");
  if (size < 79_200) return format.format(Math.round(seconds / 3600), "hour");
  if (size < 2_592_000) return format.format(Math.round(seconds / 86_400), "day");
  if (size < 31_536_000) return format.format(Math.round(seconds / 2_592_000), "month");
  return format.format(Math.round(seconds / 31_536_000), "year");
}

/** A moment in full, in the reader's own time zone. */
export function spokenMoment(locale: string, at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(at);
}
