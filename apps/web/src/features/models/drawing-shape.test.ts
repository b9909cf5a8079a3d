import { architectureFacts, architectureIds } from "@residual/shared";
import { expect, it } from "vitest";
import { drawingShape } from "./drawing-shape";

it("draws as many blocks as the network has, left to right without overlap", () => {
  for (const id of architectureIds) {
    const facts = architectureFacts(id);
    const drawing = drawingShape(facts, 224, 120);
    const blocks = drawing.stages.flatMap((stage) => stage.blocks);
    expect(blocks).toHaveLength(facts.stages.reduce((sum, { repeats }) => sum + repeats, 0));
    const all = [drawing.stem, ...blocks, drawing.head];
    for (const [index, block] of all.slice(1).entries())
      expect(block.x).toBeGreaterThan(all[index]!.x + all[index]!.width);
    expect(drawing.head.x + drawing.head.width).toBeLessThan(drawing.width);
  }
});

it("shrinks with the feature map, and says its side", () => {
  const { stages } = drawingShape(architectureFacts("resnet101"), 224, 120);
  expect(stages.map(({ side, repeats }) => [side, repeats])).toEqual([
    [56, 3],
    [28, 4],
    [14, 23],
    [7, 3],
  ]);
  const heights = stages.map(({ blocks }) => blocks[0]!.height);
  expect(heights).toEqual([...heights].sort((a, b) => b - a));
});
