import { describe, expect, it } from "vitest";
import { imagesOfSplit, stratifiedSubset } from "./subset.js";

describe("stratifiedSubset", () => {
  const images = [100, 50, 3].flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => ({
      path: `${label}/${i}`,
      class: label,
      contentHash: String((i * 7919) % 1000).padStart(4, "0"),
      split: "train" as const,
    })),
  );
  const ordered = imagesOfSplit({ images }, "train");

  it.each([3, 10, 77, 152])("keeps the shares of the classes with %i images, at least one each", (size) => {
    const subset = stratifiedSubset(ordered, size);
    expect(subset).toHaveLength(size);
    const counts = [0, 1, 2].map((label) => subset.filter((image) => image.class === label).length);
    for (const [label, total] of [100, 50, 3].entries()) {
      expect(counts[label]).toBeGreaterThanOrEqual(1);
      expect(Math.abs(counts[label]! - (total * size) / 153)).toBeLessThanOrEqual(1.5);
    }
  });

  it("holds a smaller choice within a larger one", () => {
    const larger = new Set(stratifiedSubset(ordered, 60));
    for (const image of stratifiedSubset(ordered, 30)) expect(larger.has(image)).toBe(true);
  });

  it("is everything when more is asked for than there is", () => {
    expect(stratifiedSubset(ordered, 1000)).toEqual(ordered);
  });
});
