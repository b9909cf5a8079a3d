import { expect, it } from "vitest";
import { readEnv } from "./env.js";

const needed = { API_URL: "http://127.0.0.1:4000", RESIDUAL_WORKER_KEY: "res_test" };
const rate = (text: string) => readEnv({ ...needed, RESIDUAL_WORKER_RATE: text }).hourlyRate;

it("reads what an hour costs, and knows no price unless one is named", () => {
  expect(rate("1.20 EUR")).toEqual({ amount: 1.2, currency: "EUR" });
  expect(rate(" 3USD ")).toEqual({ amount: 3, currency: "USD" });
  expect(readEnv(needed).hourlyRate).toBeNull();
});

it.each(["", "1.20", "EUR", "-1 EUR", "1,20 EUR", "1.20 eur", "1.20 €"])("refuses %j as a price", (text) => {
  expect(() => rate(text)).toThrow("RESIDUAL_WORKER_RATE must be what an hour costs, such as 1.20 EUR");
});
