import { expect, it } from "vitest";
import { gridMove } from "@/features/images/grid-move";

/** Eight tiles in rows of three: 0 1 2 / 3 4 5 / 6 7. */
const places = Array.from({ length: 8 }, (_, i) => ({ left: (i % 3) * 100, top: Math.floor(i / 3) * 100 }));

it.each([
  ["ArrowRight", 2, 3],
  ["ArrowLeft", 3, 2],
  ["ArrowDown", 1, 4],
  ["ArrowDown", 5, 7],
  ["ArrowUp", 7, 4],
  ["Home", 5, 0],
  ["End", 0, 7],
])("%s leads from tile %i to tile %i", (key, from, to) => {
  expect(gridMove(key, from, places)).toBe(to);
});

it("stays at the edges, and leaves other keys to the page", () => {
  for (const [key, from] of [
    ["ArrowLeft", 0],
    ["ArrowUp", 2],
    ["ArrowDown", 7],
    ["ArrowRight", 7],
    ["a", 3],
  ] as const)
    expect(gridMove(key, from, places), key).toBeNull();
});
