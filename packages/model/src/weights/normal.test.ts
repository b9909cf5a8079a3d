import { Random } from "@residual/shared";
import { describe, expect, it } from "vitest";
import { gaussianCdf } from "../executors/reference/gaussian.js";
import { NormalStream } from "./normal.js";

describe("NormalStream", () => {
  /** Kolmogorov and Smirnov's distance; 1.95/√n is exceeded by one true normal sample in a thousand. The seed is fixed. */
  it("is normally distributed, tails included", () => {
    const stream = new NormalStream(new Random(1));
    const sample = Float64Array.from({ length: 1_000_000 }, () => stream.next()).sort();
    let distance = 0;
    sample.forEach((value, i) => {
      const expected = gaussianCdf(value);
      distance = Math.max(
        distance,
        Math.abs(expected - i / sample.length),
        Math.abs(expected - (i + 1) / sample.length),
      );
    });
    expect(distance).toBeLessThan(1.95 / Math.sqrt(sample.length));
    const beyond = sample.filter((value) => Math.abs(value) > 3.5).length / sample.length;
    expect(beyond).toBeCloseTo(2 * gaussianCdf(-3.5), 4);
  });
});
