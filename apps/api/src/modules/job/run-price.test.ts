import { expect, it } from "vitest";
import { sumPrice } from "./run-price.js";

const lease = (worker: string, seconds: number, amount: number | null, currency = "EUR") => ({
  worker,
  seconds,
  rate: amount === null ? null : { amount, currency },
});

it("sums what each worker took at its own rate", () => {
  expect(sumPrice([lease("small", 1_800, 2), lease("large", 3_600, 3)])).toEqual({
    price: { amount: 4, currency: "EUR" },
    unpricedWorkers: [],
  });
  expect(sumPrice([lease("own", 3_600, 0)]).price).toEqual({ amount: 0, currency: "EUR" });
});

it("names no price, but the workers, where one has no rate or one in another currency", () => {
  expect(sumPrice([lease("a", 10, 2), lease("b", 10, null), lease("b", 5, null)])).toEqual({
    price: null,
    unpricedWorkers: ["b"],
  });
  expect(sumPrice([lease("a", 10, 2), lease("c", 10, 1, "USD")])).toEqual({ price: null, unpricedWorkers: ["c"] });
});

it("has no price for a run that no worker held", () => {
  expect(sumPrice([])).toEqual({ price: null, unpricedWorkers: [] });
});
