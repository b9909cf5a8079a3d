import { describe, expect, it } from "vitest";
import { entryScore } from "@/features/palette/entry-score";

describe("the palette's search", () => {
  const train = ["Train ResNet-50 on Fashion-MNIST", "start launch trainieren starten"];

  it("finds an entry by the beginnings of its words, in any order and either language", () => {
    expect(entryScore("fash resn", train)).toBe(1);
    expect(entryScore("trainieren", train)).toBe(1);
  });

  it("prefers the beginning of a word to its middle, and that to scattered letters", () => {
    const middle = entryScore("mnist", ["Fashionmnist"]);
    const scattered = entryScore("rn50", train);
    expect(entryScore("mnist", train)).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(scattered);
    expect(scattered).toBeGreaterThan(0);
  });

  it("drops an entry that lacks one of the words", () => {
    expect(entryScore("resnet zebra", train)).toBe(0);
  });
});
