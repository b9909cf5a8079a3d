import { expect, it } from "vitest";
import { classRecalls, recallRows, topMistakes } from "./confusion-scores";

const confusion = [
  [8, 2, 0],
  [1, 9, 0],
  [0, 0, 0],
];
const classes = ["bag", "boot", "shirt"];

it("gives each class its recall with an interval, the weakest first, and leaves out classes without images", () => {
  const rows = classRecalls(confusion, classes);
  expect(rows.map(({ name, images, recall }) => [name, images, recall.estimate])).toEqual([
    ["bag", 10, 0.8],
    ["boot", 10, 0.9],
  ]);
  // Wilson 1927 for 8 of 10.
  expect(rows[0]!.recall.low).toBeCloseTo(0.4902, 4);
  expect(rows[0]!.recall.high).toBeCloseTo(0.9433, 4);
});

it("reads the same from recalls and the numbers of images, and nothing where the images are others", () => {
  const counted = classes.map((name, index) => ({ name, images: [10, 10, 0][index]! }));
  expect(recallRows([0.8, 0.9, null], counted, 20)).toEqual(classRecalls(confusion, classes));
  expect(recallRows([0.8, 0.9, null], counted, 21)).toEqual([]);
});

it("names what is taken for what, most frequent first", () => {
  expect(topMistakes(confusion, classes, 5)).toEqual([
    { truth: "bag", taken: "boot", images: 2 },
    { truth: "boot", taken: "bag", images: 1 },
  ]);
});
