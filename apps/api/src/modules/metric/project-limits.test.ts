import { describe, expect, it } from "vitest";
import { ProjectLimits } from "./project-limits.js";

const refusal = (take: () => void) => {
  try {
    take();
  } catch (error) {
    return (error as { extensions: unknown }).extensions;
  }
  return "taken";
};

describe("a project that logs too much", () => {
  it("is told which limit it exceeded and how long to wait, and may go on after that; others are not affected", () => {
    let now = 0;
    const limits = new ProjectLimits({ pointsPerSecond: 100, bytesPerDay: 1e9 }, () => now);
    limits.take(1, 1_500, 1);
    expect(refusal(() => limits.take(1, 1, 1))).toEqual({
      code: "RATE_LIMITED",
      exceeded: "pointsPerSecond",
      limit: 100,
      retryAfterSeconds: 6,
    });
    limits.take(2, 1, 1);
    now = 6;
    expect(refusal(() => limits.take(1, 1, 1))).toBe("taken");
  });

  it("has its bytes counted over a day", () => {
    let now = 0;
    const limits = new ProjectLimits({ pointsPerSecond: 1e9, bytesPerDay: 86_400 }, () => now);
    for (let i = 0; i < 10; i++) limits.take(1, 1, 8_640);
    expect(refusal(() => limits.take(1, 1, 1))).toMatchObject({
      exceeded: "bytesPerDay",
      limit: 86_400,
      retryAfterSeconds: 1,
    });
    now = 43_200;
    for (let i = 0; i < 5; i++) limits.take(1, 1, 8_640);
    expect(refusal(() => limits.take(1, 1, 1))).toMatchObject({ exceeded: "bytesPerDay" });
  });

  it("is not held to a frame's size: one that finds room is taken, however large", () => {
    const limits = new ProjectLimits({ pointsPerSecond: 1, bytesPerDay: 1 }, () => 0);
    expect(refusal(() => limits.take(1, 65_536, 1 << 20))).toBe("taken");
  });
});
