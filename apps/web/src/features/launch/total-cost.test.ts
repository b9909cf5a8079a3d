import { expect, it } from "vitest";
import { totalCost } from "@/features/launch/total-cost";

const euros = (amount: number) => ({ amount, currency: "EUR" });

it("adds up what all runs cost, and says nothing where one of them is not known or not comparable", () => {
  expect(totalCost([euros(0.5), euros(0.25)], 3)).toEqual(euros(2.25));
  expect(totalCost([euros(0.5), null], 3)).toBeNull();
  expect(totalCost([euros(0.5), { amount: 1, currency: "USD" }], 3)).toBeNull();
  expect(totalCost([], 3)).toBeNull();
});
