/** Bytes of one element, for every type of the format that has whole bytes. */
const elementBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type SafetensorsDType = keyof typeof elementBytes;

/** Where a tensor lies: `begin` and `end` are bytes from the end of the header. */
export interface TensorEntry {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** Far beyond any network: a header that has more is made to hurt whoever reads it. */
const most = { tensors: 100_000, dimensions: 16, name: 1_024 } as const;

/** Why a file is refused. The message does not name the file: the reader adds it. */
export class SafetensorsDamage extends Error {}

function damaged(reason: string): never {
  throw new SafetensorsDamage(reason);
}

/**
 * Checks a header's JSON against the number of data bytes that the file really has. Every byte must belong to exactly one tensor, as
 * the format demands; so a file that was cut, patched or glued together does not load. Throws SafetensorsDamage.
 */
export function parseSafetensorsHeader(json: string, dataBytes: number): SafetensorsHeader {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    damaged(`its header is no JSON (${(error as Error).message})`);
  }
  if (!isRecord(parsed)) damaged("its header is no JSON object");
  const repeated = repeatedKey(json);
  if (repeated !== undefined) damaged(`its header has the key "${repeated}" twice`);

  const metadata = new Map<string, string>();
  const tensors = new Map<string, TensorEntry>();
  for (const [key, value] of Object.entries(parsed)) {
    if (key === "__metadata__") for (const [k, v] of metadataEntries(value)) metadata.set(k, v);
    else tensors.set(key, tensorEntry(key, value));
    if (tensors.size > most.tensors) damaged(`it has more than ${most.tensors} tensors`);
  }
  checkCoverage(tensors, dataBytes);
  return { metadata, tensors };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function metadataEntries(value: unknown): [string, string][] {
  if (!isRecord(value)) damaged("its metadata is no object");
  return Object.entries(value).map(([key, text]) => {
    if (typeof text !== "string") damaged(`its metadata "${key}" is no text`);
    return [key, text];
  });
}

function tensorEntry(name: string, value: unknown): TensorEntry {
  if (name.length > most.name) damaged(`the name of a tensor has ${name.length} characters`);
  if (!isRecord(value)) damaged(`tensor "${name}" has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    damaged(`tensor "${name}" has the unknown type ${String(dtype)}`);
  }
  if (!isListOfCounts(shape) || shape.length > most.dimensions) damaged(`tensor "${name}" has no valid shape`);
  if (!isListOfCounts(offsets) || offsets.length !== 2) damaged(`tensor "${name}" has no valid data range`);
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((count, extent) => count * extent, 1) * elementBytes[dtype as SafetensorsDType];
  if (needed !== end - begin) {
    damaged(`tensor "${name}" of shape [${shape.join(",")}] needs ${needed} bytes, its data range has ${end - begin}`);
  }
  return { dtype: dtype as SafetensorsDType, shape, begin, end };
}

function isListOfCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function checkCoverage(tensors: ReadonlyMap<string, TensorEntry>, dataBytes: number): void {
  const ordered = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, { begin, end }] of ordered) {
    if (begin < covered) damaged(`the data range of tensor "${name}" overlaps another one`);
    if (begin > covered) damaged(`bytes ${covered} to ${begin} of its data belong to no tensor`);
    covered = end;
  }
  if (covered > dataBytes) damaged(`${covered - dataBytes} bytes of tensor data are missing at its end`);
  if (covered < dataBytes) damaged(`its last ${dataBytes - covered} bytes belong to no tensor`);
}

/** The first key that stands twice in the outer object: JSON.parse would silently keep the last one. */
function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!;
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (character === '"') {
      const start = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === "\\") i++;
      if (depth !== 1 || !/^\s*:/.test(json.slice(i + 1, i + 20))) continue;
      const key = JSON.parse(json.slice(start, i + 1)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
