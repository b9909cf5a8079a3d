import { architectureIds, datasetSizeClass } from "@residual/shared";
import { expect, it } from "vitest";
import { sizeRows } from "./size-rows";

it("covers every dataset size once, and each bound falls into the class of its row", () => {
  for (const id of architectureIds) {
    const rows = sizeRows(id);
    expect(rows[0]!.from).toBe(0);
    expect(rows.at(-1)!.to).toBeNull();
    for (const [index, row] of rows.entries()) {
      expect(datasetSizeClass(id, row.from)).toBe(row.sizeClass);
      if (row.to !== null) {
        expect(datasetSizeClass(id, row.to)).toBe(row.sizeClass);
        expect(rows[index + 1]!.from).toBe(row.to + 1);
      }
    }
  }
});

it("gives the guide's numbers for ResNet-101 on a medium dataset", () => {
  expect(sizeRows("resnet101")[2]).toMatchObject({
    from: 5000,
    to: 20_000,
    recommended: { learningRate: 5e-5, epochs: 5, batchSize: 16, augmentation: "STANDARD" },
  });
});
