import { expect, it } from "vitest";
import { meanPrice } from "./mean-price.js";

const priced = (amount: number, currency = "EUR") => ({ price: { amount, currency }, unpricedWorkers: [] });

it("prices several trainings by their mean", () => {
  expect(meanPrice([priced(1), priced(3)])).toEqual({ price: { amount: 2, currency: "EUR" }, unpricedWorkers: [] });
});

it("names no price where one training has none or currencies differ, and says which workers have no rate", () => {
  const unpriced = { price: null, unpricedWorkers: ["w1"] };
  expect(meanPrice([priced(1), unpriced, unpriced])).toEqual({ price: null, unpricedWorkers: ["w1"] });
  expect(meanPrice([priced(1), priced(1, "USD")]).price).toBeNull();
  expect(meanPrice([]).price).toBeNull();
});
