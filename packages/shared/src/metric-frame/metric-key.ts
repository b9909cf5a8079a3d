import { MetricFrameError } from "./metric-frame-error.js";

/** Characters (UTF-16 units) of the longest metric key. */
export const longestMetricKey = 256;

const prototypeNames = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A key is 1 … 256 characters, in Unicode's composed form (else two keys would look the same), without controls and marks that turn the
 * reading direction, and no part of it names a prototype: keys become names of fields in many a reader. Throws MetricFrameError.
 */
export function checkMetricKey(key: string): void {
  spellMetricKey(key);
}

/** The key in UTF-8, checked; not to be changed. Throws MetricFrameError. */
export function spellMetricKey(key: string): Uint8Array {
  const known = checked.get(key);
  if (known) return known;
  refuseMetricKey(key);
  if (checked.size >= KNOWN_KEYS) checked.clear();
  const spelt = encoder.encode(key);
  checked.set(key, spelt);
  return spelt;
}

const encoder = new TextEncoder();

/** Keys that passed before: a run says the same few in each of its frames, and users make them up, so that their number is bounded. */
const checked = new Map<string, Uint8Array>();
const KNOWN_KEYS = 4_096;

function refuseMetricKey(key: string): void {
  if (key.length === 0)
    throw new MetricFrameError("values", "A metric key is empty. Name it split/name, for example train/loss.");
  if (key.length > longestMetricKey) {
    throw new MetricFrameError(
      "values",
      `The metric key "${key.slice(0, 40)}…" has ${key.length} characters; at most ${longestMetricKey} are allowed.`,
      longestMetricKey,
    );
  }
  if (/\p{Cc}|\p{Cs}/u.test(key))
    throw new MetricFrameError("values", `The metric key ${JSON.stringify(key)} contains a control character.`);
  if (/[\u202a-\u202e\u2066-\u2069]/.test(key))
    throw new MetricFrameError(
      "values",
      `The metric key ${JSON.stringify(key)} contains a mark that turns the reading direction.`,
    );
  if (key.normalize("NFC") !== key)
    throw new MetricFrameError(
      "values",
      `The metric key "${key}" is not in composed form. Pass it through Unicode NFC.`,
    );
  const reserved = key.split(/[/.]/).find((part) => prototypeNames.has(part));
  if (reserved !== undefined)
    throw new MetricFrameError(
      "values",
      `The metric key "${key}" holds ${reserved}, which scripts read as something else. Rename it.`,
    );
}

type KnownKey = { bytes: Uint8Array; key: string };

/** Keys that were read before, by a hash of their bytes: to spell one anew costs more than the numbers of a short column. */
const known = new Map<number, KnownKey>();

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The key that `bytes[start … end)` spell in UTF-8, checked. Throws MetricFrameError. */
export function readMetricKey(bytes: Uint8Array, start: number, end: number): string {
  // FNV-1a, 32 bits: a collision costs a second decoding, nothing else.
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  const found = known.get(hash);
  if (found && isSame(found.bytes, bytes, start, end)) return found.key;
  const spelt = new Uint8Array(bytes.subarray(start, end));
  const key = decode(spelt);
  checkMetricKey(key);
  if (known.size >= KNOWN_KEYS) known.clear();
  known.set(hash, { bytes: spelt, key });
  return key;
}

function isSame(a: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (a.length !== end - start) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== bytes[start + i]) return false;
  return true;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MetricFrameError("values", "A metric key is not valid UTF-8.");
  }
}
