import { describe, expect, it } from "vitest";
import { assignSlots, rememberRunColors, runColor } from "@/lib/run-color";

const ids = Array.from({ length: 30 }, (_, index) => `run_${(index * 7919).toString(16)}`);

describe("the colours of runs", () => {
  it("differ on a page of up to twelve runs, and are shared evenly beyond", () => {
    expect(new Set(assignSlots(ids.slice(0, 12), new Map()).values()).size).toBe(12);
    const uses = new Map<number, number>();
    for (const slot of assignSlots(ids, new Map()).values()) uses.set(slot, (uses.get(slot) ?? 0) + 1);
    expect(Math.max(...uses.values()) - Math.min(...uses.values())).toBeLessThanOrEqual(1);
  });

  it("do not depend on the order of the list", () => {
    const some = ids.slice(0, 9);
    expect(assignSlots(some.toReversed(), new Map())).toEqual(new Map([...assignSlots(some, new Map())].toReversed()));
  });

  it("stay with a run when others join it", () => {
    rememberRunColors(ids.slice(0, 5));
    const before = ids.slice(0, 5).map(runColor);
    rememberRunColors(ids.slice(0, 12));
    expect(ids.slice(0, 5).map(runColor)).toEqual(before);
    expect(new Set(ids.slice(0, 12).map(runColor)).size).toBe(12);
  });
});
