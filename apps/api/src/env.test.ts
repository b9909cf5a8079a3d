import { expect, test } from "vitest";
import { readEnv } from "./env.js";

test("without any variable the API uses the embedded database below .residual", () => {
  const limits = { RESIDUAL_PROJECT_POINTS_PER_SECOND: 2_000_000, RESIDUAL_PROJECT_BYTES_PER_DAY: 500e9 };
  expect(readEnv({})).toEqual({ PORT: 4000, RESIDUAL_DATA: ".residual", ...limits });
  expect(readEnv({ DATABASE_URL: "", PORT: "0" })).toEqual({ PORT: 0, RESIDUAL_DATA: ".residual", ...limits });
});

test.each([
  ["PORT", "70000"],
  ["PORT", "http"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["RESIDUAL_OWNER_TOKEN", "changeme"],
  ["RESIDUAL_WEB_ORIGIN", "localhost"],
  ["RESIDUAL_PROJECT_POINTS_PER_SECOND", "0"],
])("%s=%s is refused by its name", (name, value) => {
  expect(() => readEnv({ [name]: value })).toThrow(name);
});
