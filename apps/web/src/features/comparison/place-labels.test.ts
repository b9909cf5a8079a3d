import { expect, it } from "vitest";
import { type LabelledDot, type PlacedLabel, placeLabels } from "./place-labels";

const boxOf = ({ x, y, anchor, text }: PlacedLabel) => {
  const size = text.length * 6;
  const left = anchor === "start" ? x : x - size;
  return { left, right: left + size, top: y - 6, bottom: y + 6 };
};

function collisions(labels: readonly PlacedLabel[]): string[] {
  return labels.flatMap((a, i) =>
    labels.slice(i + 1).flatMap((b) => {
      const [one, other] = [boxOf(a), boxOf(b)];
      const meet = one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
      return meet ? [`${a.text} on ${b.text}`] : [];
    }),
  );
}

it("keeps the labels of dots that lie on each other apart", () => {
  const dots: LabelledDot[] = Array.from({ length: 5 }, (_, i) => ({
    x: 200 + i,
    y: 100 + i,
    text: `ResNet-50 seed ${i}`,
  }));
  const labels = placeLabels(dots, 600, 240);
  expect(labels.length).toBe(5);
  expect(collisions(labels)).toEqual([]);
});

it("never lets two labels meet or one leave the picture, however many there are, and leaves out the last", () => {
  const dots: LabelledDot[] = Array.from({ length: 200 }, (_, i) => ({
    x: 10 + ((i * 97) % 380),
    y: 10 + ((i * 53) % 220),
    text: `run ${i}`,
  }));
  const labels = placeLabels(dots, 400, 240);
  expect(collisions(labels)).toEqual([]);
  expect(labels.length).toBeGreaterThan(20);
  expect(labels.length).toBeLessThan(200);
  expect(labels[0]!.index).toBe(0);
  for (const label of labels) {
    expect(boxOf(label).left).toBeGreaterThanOrEqual(0);
    expect(boxOf(label).right).toBeLessThanOrEqual(400);
  }
});

it("keeps labels clear of the line that it is told of", () => {
  const dots: LabelledDot[] = [{ x: 100, y: 100, text: "on the front" }];
  const line = { left: 100, right: 400, top: 99, bottom: 101 };
  const [label] = placeLabels(dots, 400, 200, [line]);
  const box = boxOf(label!);
  expect(box.right <= line.left || box.bottom <= line.top || box.top >= line.bottom).toBe(true);
});
