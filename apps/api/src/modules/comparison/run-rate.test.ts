import { expect, it } from "vitest";
import { meanPrice } from "./run-rate.js";

const euro = (amount: number) => ({ amount, currency: "EUR" });

it("prices a training by its time, and several by their mean", () => {
  expect(meanPrice([{ seconds: 1_800, rate: euro(2) }])).toEqual(euro(1));
  expect(
    meanPrice([
      { seconds: 1_800, rate: euro(2) },
      { seconds: 3_600, rate: euro(3) },
    ]),
  ).toEqual(euro(2));
  expect(meanPrice([{ seconds: 3_600, rate: euro(0) }])).toEqual(euro(0));
});

it("names no price where a time or a rate is not known, or currencies differ", () => {
  expect(meanPrice([{ seconds: null, rate: euro(2) }])).toBeNull();
  expect(meanPrice([{ seconds: 10, rate: null }])).toBeNull();
  expect(meanPrice([])).toBeNull();
  const dollar = { seconds: 10, rate: { amount: 1, currency: "USD" } };
  expect(meanPrice([{ seconds: 10, rate: euro(2) }, dollar])).toBeNull();
});
