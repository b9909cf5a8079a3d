import { createHash } from "node:crypto";
import {
  decodeMetricFrame,
  encodeMetricFrame,
  type MetricFrame,
  MetricFrameError,
  metricFrameFromJson,
  metricFrameLimits,
} from "@residual/shared";
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from "graphql";

/**
 * A frame as it arrived: decoded, its binary form, and a digest of what the writer sent. A plain frame without times gets the server's clock;
 * the digest leaves those out, so that the same request sent again is recognised as the same.
 */
export type ReceivedFrame = { frame: MetricFrame; bytes: Uint8Array; digest: Buffer };

const DIGEST_BYTES = 8;
// Base64 of 5,000 points of 24 bytes with 1,000 keys of 256 characters stays below this.
const MAX_TEXT = 1_000_000;
/** Limits that a writer keeps by sending several frames. */
const sizes = new Set<number>([metricFrameLimits.points, metricFrameLimits.keys, MAX_TEXT]);

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest().subarray(0, DIGEST_BYTES);
}

/** Throws for the first number that overflowed on the way: JSON.parse reads 1e309 as Infinity, which nobody meant. */
function refuseOverflow(json: unknown): void {
  const values: unknown = typeof json === "object" && json !== null && "values" in json ? json.values : null;
  if (typeof values !== "object" || values === null) return;
  for (const [key, list] of Object.entries(values)) {
    const row = Array.isArray(list) ? list.findIndex((x) => x === Infinity || x === -Infinity) : -1;
    if (row < 0) continue;
    const reason = `values["${key.slice(0, 40)}"][${row}] is larger than a float64. Write "Infinity" if it is meant.`;
    throw new MetricFrameError("values", reason);
  }
}

function fromJson(json: unknown): ReceivedFrame {
  refuseOverflow(json);
  const frame = metricFrameFromJson(json);
  const bytes = encodeMetricFrame(frame);
  const timed = (json as { times?: unknown }).times != null;
  const sent = timed ? bytes : encodeMetricFrame({ ...frame, times: new Float64Array(frame.steps.length) });
  return { frame, bytes, digest: digestOf(sent) };
}

function fromBase64(text: string): ReceivedFrame {
  if (text.length > MAX_TEXT) throw new MetricFrameError("frame", "The frame is too long. Send several.", MAX_TEXT);
  return fromBytes(Buffer.from(text, "base64"));
}

function fromBytes(bytes: Uint8Array): ReceivedFrame {
  return { frame: decodeMetricFrame(bytes), bytes, digest: digestOf(bytes) };
}

/** A frame in its binary form. Throws BAD_INPUT or TOO_LARGE with the field and the limit, as the scalar does. */
export function receivedFrame(bytes: Uint8Array): ReceivedFrame {
  return coded(() => fromBytes(bytes));
}

function parse(value: unknown): ReceivedFrame {
  return coded(() => (typeof value === "string" ? fromBase64(value) : fromJson(value)));
}

function coded(read: () => ReceivedFrame): ReceivedFrame {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MetricFrameError)) throw error;
    const { field, limit, reason } = error;
    const code = limit !== undefined && sizes.has(limit) ? "TOO_LARGE" : "BAD_INPUT";
    throw new GraphQLError(reason, { extensions: { code, field, ...(limit !== undefined && { limit }) } });
  }
}

/** Input only: base64 of the binary codec, or the plain JSON form, as a variable or as a literal. */
export const MetricFrameScalar = new GraphQLScalarType<ReceivedFrame, never>({
  name: "MetricFrame",
  description:
    'One flush of a writer: base64 of the binary codec, or {steps: […], times: […], values: {"train/loss": […]}} with null for no value and "NaN", "Infinity", "-Infinity" for the non-finite.',
  serialize() {
    throw new GraphQLError("MetricFrame is input only.");
  },
  parseValue: parse,
  parseLiteral: (node, variables) =>
    parse(node.kind === Kind.STRING ? node.value : valueFromASTUntyped(node, variables)),
});
