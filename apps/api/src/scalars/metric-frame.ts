import { hash } from "node:crypto";
import {
  decodeMetricFrame,
  encodeMetricFrame,
  type MetricFrame,
  MetricFrameError,
  maxRequestBytes,
  metricFrameFromJson,
} from "@residual/shared";
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from "graphql";
import { AppError } from "../errors.js";

/**
 * A frame as it arrived: decoded, its binary form, and a digest of what the writer sent. A plain frame without times gets the server's clock;
 * the digest leaves those out, so that the same request sent again is recognised as the same.
 */
export type ReceivedFrame = { frame: MetricFrame; bytes: Uint8Array; digest: Buffer };

const DIGEST_BYTES = 8;

/**
 * Milliseconds since 1970. Seconds sent as milliseconds fall into 1970 and microseconds beyond 2100, and both would spoil every chart over
 * time; a clock that is some years wrong does not stop a run from being logged.
 */
const times = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) - 1 } as const;

function digestOf(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, DIGEST_BYTES);
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
  if (text.length > maxRequestBytes)
    throw new MetricFrameError("frame", "The frame is too long. Send several.", maxRequestBytes, "TOO_LARGE");
  return fromBytes(Buffer.from(text, "base64"));
}

function fromBytes(bytes: Uint8Array): ReceivedFrame {
  return { frame: decodeMetricFrame(bytes), bytes, digest: digestOf(bytes) };
}

/** A frame in its binary form. Throws BAD_INPUT or TOO_LARGE with the field and the limit, as the scalar does. */
export function receivedFrame(bytes: Uint8Array): ReceivedFrame {
  return coded(() => fromBytes(bytes));
}

/** A frame that is refused is a value too: thrown here, it would take every other frame of the request with it. */
function parse(value: unknown): ReceivedFrame | GraphQLError {
  try {
    return coded(() => (typeof value === "string" ? fromBase64(value) : fromJson(value)));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function coded(read: () => ReceivedFrame): ReceivedFrame {
  try {
    const received = read();
    checkAtTheDoor(received.frame);
    return received;
  } catch (error) {
    if (!(error instanceof MetricFrameError)) throw error;
    const { code, field, limit, reason } = error;
    throw new AppError(code, reason, { field, ...(limit !== undefined && { limit }) });
  }
}

/** What is asked of a frame that comes in, but not of those that were stored before it was asked. */
function checkAtTheDoor(frame: MetricFrame): void {
  if (frame.steps.length === 0)
    throw new MetricFrameError("steps", "The frame has no rows. Send one when there is something to log.", 1);
  for (const [row, time] of frame.times.entries()) {
    if (time >= times.from && time <= times.to) continue;
    const reason = `times[${row}] is ${time}, which is ${yearOf(time)}. Times are milliseconds since 1970, from 2000 to 2099: multiply seconds by 1,000, or leave times out for the server's clock.`;
    throw new MetricFrameError("times", reason, time < times.from ? times.from : times.to);
  }
}

function yearOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "no date" : `in the year ${date.getUTCFullYear()}`;
}

/** Input only: base64 of the binary codec, or the plain JSON form, as a variable or as a literal. */
export const MetricFrameScalar = new GraphQLScalarType<ReceivedFrame | GraphQLError, never>({
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
