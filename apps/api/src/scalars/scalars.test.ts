import { encodeBase64, encodeMetricFrame, maxRequestBytes } from "@residual/shared";
import { GraphQLError, parseValue } from "graphql";
import { describe, expect, it, vi } from "vitest";
import { F64ColumnScalar } from "./columns.js";
import { DateTimeScalar } from "./date-time.js";
import { JsonScalar } from "./json.js";
import { MetricFrameScalar } from "./metric-frame.js";
import { NumberScalar } from "./number.js";
import { StepScalar } from "./step.js";

const refusal = (parse: () => unknown) => {
  try {
    parse();
  } catch (error) {
    if (error instanceof GraphQLError) return error.extensions;
    throw error;
  }
  return "accepted";
};

describe("a step is an integer from 0 to 2^53−1, as a number or as text", () => {
  it("whatever way it comes", () => {
    for (const step of [0, 1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      expect(StepScalar.parseValue(step)).toBe(step);
      expect(StepScalar.parseValue(String(step))).toBe(step);
      expect(StepScalar.parseLiteral(parseValue(String(step)))).toBe(step);
      expect(StepScalar.serialize(step)).toBe(step);
    }
  });

  it("and nothing else", () => {
    for (const value of [-1, 1.5, 2 ** 53, "9007199254740993", "1e3", "-1", "", null, true, Number.NaN])
      expect(refusal(() => StepScalar.parseValue(value))).toMatchObject({ code: "BAD_INPUT" });
    for (const literal of ["-1", "1.5", "9007199254740993", '"x"', "true"])
      expect(refusal(() => StepScalar.parseLiteral(parseValue(literal)))).toMatchObject({ code: "BAD_INPUT" });
  });
});

describe("a number may be anything that a float64 is", () => {
  it("and what JSON lacks travels as text", () => {
    for (const value of [0, 5e-324, 1e308, -1.5, Number.NaN, Infinity, -Infinity])
      expect(NumberScalar.parseValue(NumberScalar.serialize(value))).toBe(value);
    expect(NumberScalar.serialize(Number.NaN)).toBe("NaN");
  });

  it("but not what overflowed on its way here, nor text that looks like a number", () => {
    for (const value of [JSON.parse("1e309"), "1e5", "", null, true])
      expect(refusal(() => NumberScalar.parseValue(value))).toMatchObject({ code: "BAD_INPUT" });
    expect(refusal(() => NumberScalar.parseLiteral(parseValue("1e309")))).toMatchObject({ code: "BAD_INPUT" });
  });
});

describe("a column keeps every bit", () => {
  it("of NaN, the infinities, −0 and the rest", () => {
    const column = Float64Array.of(Number.NaN, Infinity, -Infinity, -0, 5e-324, 0.1);
    const back = F64ColumnScalar.parseValue(F64ColumnScalar.serialize(column));
    expect([...back].every((value, i) => Object.is(value, column[i]))).toBe(true);
    expect(refusal(() => F64ColumnScalar.parseValue("AAAA"))).toMatchObject({ code: "BAD_INPUT" });
  });
});

describe("a metric frame is read from base64, from JSON and from a literal", () => {
  const frame = {
    steps: Float64Array.of(0, 1),
    times: Float64Array.of(1.7e12, 1.7e12 + 6),
    columns: [{ key: "loss", rows: null, values: Float64Array.of(1, Number.NaN) }],
  };

  const read = (value: unknown) => {
    const received = MetricFrameScalar.parseValue(value);
    if (received instanceof GraphQLError) throw received;
    return received;
  };

  it("to the same frame with the same digest", () => {
    const binary = read(encodeBase64(encodeMetricFrame(frame)));
    const json = read({ steps: [0, 1], times: [1700000000000, 1700000000006], values: { loss: [1, "NaN"] } });
    const literal = MetricFrameScalar.parseLiteral(
      parseValue('{ steps: [0, 1], times: [1700000000000, 1700000000006], values: { loss: [1, "NaN"] } }'),
    );
    for (const one of [binary, json, literal])
      expect(one).toEqual({ frame, bytes: expect.any(Uint8Array), digest: binary.digest });
  });

  it("and one without times is known again, whatever the clock says by then", () => {
    vi.useFakeTimers({ now: 1.7e12 });
    const first = read({ steps: [0], values: { loss: [1] } });
    vi.setSystemTime(1.7e12 + 1);
    const second = read({ steps: [0], values: { loss: [1] } });
    vi.useRealTimers();
    expect(second.frame.times).not.toEqual(first.frame.times);
    expect(second.digest).toEqual(first.digest);
    expect(read({ steps: [0], values: { loss: [2] } }).digest).not.toEqual(first.digest);
  });

  it("or refused by the name of what is wrong with it", () => {
    const refused = (value: unknown) => refusal(() => read(value));
    expect(refused({ steps: [-1], values: {} })).toMatchObject({ code: "BAD_INPUT", field: "steps" });
    expect(refused({ steps: [0], values: { loss: [JSON.parse("1e309")] } })).toMatchObject({ field: "values" });
    expect(refused({ steps: [0], values: { loss: [true] } })).toMatchObject({ field: "values" });
    expect(refused({ steps: Array(10_001).fill(0), values: {} })).toMatchObject({
      code: "TOO_LARGE",
      field: "steps",
      limit: 10_000,
    });
    expect(refused("AAAA")).toMatchObject({ code: "BAD_INPUT", field: "frame" });
    expect(refused("A".repeat(maxRequestBytes + 4))).toMatchObject({ code: "TOO_LARGE", limit: maxRequestBytes });
    expect(refused(7)).toMatchObject({ field: "frame" });
  });
});

describe("JSON is bounded, and holds nothing that jsonb or a prototype would trip over", () => {
  it("so that it can be stored as it is", () => {
    const value = { a: [1, null, { b: "ü", c: true }] };
    expect(JsonScalar.parseValue(value)).toEqual(value);
    let deep: unknown = 1;
    for (let i = 0; i < 20; i++) deep = [deep];
    for (const bad of [
      deep,
      Array(6_000).fill(0),
      "a\0b",
      { "x\0": 1 },
      JSON.parse('{"__proto__": 1}'),
      JSON.parse("1e309"),
      "\ud800",
    ])
      expect(refusal(() => JsonScalar.parseValue(bad))).toMatchObject({ code: "BAD_INPUT" });
  });
});

describe("a time is ISO 8601", () => {
  it("in and out", () => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue("2026-11-24T07:04:19+01:00"))).toBe(
      "2026-11-24T06:04:19.000Z",
    );
    expect(refusal(() => DateTimeScalar.parseValue("soon"))).toMatchObject({ code: "BAD_INPUT" });
  });
});
