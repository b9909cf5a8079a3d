import { expect, it } from "vitest";
import { clock, horizontalTick, loggedValue, verticalTick } from "./value-format";

it("writes neighbouring ticks apart, in the reader's language", () => {
  expect(verticalTick("en", "share", 0.925, 0.025)).toBe("92.5 %");
  expect(verticalTick("en", "share", 0.95, 0.05)).toBe("95 %");
  expect(verticalTick("de", "number", 0.25, 0.05)).toBe("0,25");
  expect(verticalTick("en", "number", 2_500_000, 500_000)).toBe("2.5 M");
  expect(verticalTick("en", "number", 0, 2e-5)).toBe("0");
  expect(verticalTick("en", "bytes", 1.5 * 2 ** 30, 2 ** 29)).toBe("1.5 GiB");
  const near = [1.1171875, 1.125, 1.1328125].map((value) => verticalTick("en", "bytes", value * 2 ** 30, 2 ** 23));
  expect(new Set(near).size).toBe(3);
  expect(horizontalTick("de", "step", 12_500)).toBe("12,5 k");
  expect(horizontalTick("en", "epoch", 1.5)).toBe("1.50");
});

it("writes time as a clock", () => {
  expect([0, 65, 3600, 3725.4].map(clock)).toEqual(["0:00", "1:05", "1:00:00", "1:02:05"]);
});

it("says values that are not finite", () => {
  expect(
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => loggedValue("en", "share", value)),
  ).toEqual(["NaN", "∞", "−∞"]);
  expect(loggedValue("de", "share", 0.91234)).toBe("91,23 %");
});
