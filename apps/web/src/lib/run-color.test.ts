import { describe, expect, it } from "vitest";
import { assignSlots, distinctColors, rememberRunColors, runColor, runPalette } from "@/lib/run-color";
import { contrast, type eyes, seenDistance } from "@/lib/seen-color.fixture";

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

  it("are the eight that every eye tells apart, as long as there are no more runs", () => {
    const slots = [...assignSlots(ids.slice(0, distinctColors), new Map()).values()];
    expect(slots.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each<[keyof typeof eyes, number]>([
    ["all", 34],
    ["protanopia", 23],
    ["deuteranopia", 22],
  ])("are far apart in CIELAB for the first eight: %s", (eye, least) => {
    const first = runPalette.slice(0, distinctColors);
    const distances = first.flatMap((a, i) => first.slice(i + 1).map((b) => seenDistance(a, b, eye)));
    expect(Math.min(...distances)).toBeGreaterThan(least);
  });

  it("are never the same for any eye, all twelve of them", () => {
    const distances = runPalette.flatMap((a, i) =>
      runPalette
        .slice(i + 1)
        .map((b) => Math.min(seenDistance(a, b, "protanopia"), seenDistance(a, b, "deuteranopia"))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(10);
  });

  it.each([
    ["day", "#fcfcfd"],
    ["night", "#0e0f12"],
  ])("can be seen on the ground of %s", (_, ground) => {
    for (const color of runPalette) expect(contrast(color, ground)).toBeGreaterThan(3);
  });
});
