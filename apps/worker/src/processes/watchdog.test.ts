import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Watchdog } from "./watchdog.js";

const MINUTE = 60_000;
const limits = { always: 15 * MINUTE, whenAsked: 30_000 };

let barks: string[];
let dog: Watchdog;
beforeEach(() => {
  vi.useFakeTimers();
  barks = [];
  dog = new Watchdog(limits, (why) => barks.push(why));
});
afterEach(() => {
  dog.close();
  vi.useRealTimers();
});

const batchesOf = (milliseconds: number, count: number) => {
  for (let i = 0; i < count; i++) {
    vi.advanceTimersByTime(milliseconds);
    dog.heard(true);
  }
};

describe("Watchdog", () => {
  it("barks once after a quarter of an hour of silence, however the job began", () => {
    vi.advanceTimersByTime(14 * MINUTE);
    expect(barks).toEqual([]);
    vi.advanceTimersByTime(30 * MINUTE);
    expect(barks).toEqual(["no sign of life for 15 minutes"]);
  });

  it("leaves a network alone whose steps take minutes", () => {
    batchesOf(3 * MINUTE, 3);
    vi.advanceTimersByTime(59 * MINUTE);
    expect(barks).toEqual([]);
    vi.advanceTimersByTime(2 * MINUTE);
    expect(barks).toEqual(["no sign of life for 60 minutes"]);
  });

  it("waits half a minute for a job between two batches that was asked to end", () => {
    batchesOf(500, 3);
    dog.asked();
    vi.advanceTimersByTime(29_000);
    expect(barks).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(barks).toEqual(["asked to end, it did not answer for 30 s"]);
  });

  it("gives a job that was asked to end five batches of its own", () => {
    batchesOf(20_000, 3);
    dog.asked();
    vi.advanceTimersByTime(99_000);
    expect(barks).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(barks).toHaveLength(1);
  });

  it("does not hurry a job that compiles or writes a checkpoint, nor one that has answered", () => {
    dog.asked();
    vi.advanceTimersByTime(10 * MINUTE);
    batchesOf(500, 3);
    dog.asked();
    dog.heard(false);
    dog.asked();
    vi.advanceTimersByTime(10 * MINUTE);
    expect(barks).toEqual([]);
  });
});
