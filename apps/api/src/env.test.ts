import { expect, test } from "vitest";
import { readEnv } from "./env.js";

test("without any variable the API uses the embedded database below .residual", () => {
  expect(readEnv({})).toEqual({ PORT: 4000, RESIDUAL_DATA: ".residual" });
  expect(readEnv({ DATABASE_URL: "", PORT: "0" })).toEqual({ PORT: 0, RESIDUAL_DATA: ".residual" });
});

test.each([
  ["PORT", "70000"],
  ["PORT", "http"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["RESIDUAL_OWNER_TOKEN", "changeme"],
  ["RESIDUAL_WEB_ORIGIN", "localhost"],
])("%s=%s is refused by its name", (name, value) => {
  expect(() => readEnv({ [name]: value })).toThrow(name);
});
