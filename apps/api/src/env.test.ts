import { expect, test } from "vitest";
import { readEnv } from "./env.js";

test("without any variable the API uses the embedded database below .residual", () => {
  const limits = {
    RESIDUAL_PROJECT_POINTS_PER_SECOND: 2_000_000,
    RESIDUAL_OIDC_NAME: "OpenID Connect",
    RESIDUAL_PROJECT_BYTES_PER_DAY: 500e9,
    S3_REGION: "us-east-1",
    RESIDUAL_FILE_BYTES: 10e9,
    RESIDUAL_PROJECT_FILE_BYTES: 200e9,
  };
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
  ["RESIDUAL_FILE_BYTES", "1e15"],
  ["S3_ENDPOINT", "file:///etc"],
  ["RESIDUAL_OIDC_ISSUER", "http://login.example.org"],
  ["RESIDUAL_OIDC_ISSUER", "http://127.0.0.1.example.org"],
])("%s=%s is refused by its name", (name, value) => {
  expect(() => readEnv({ [name]: value })).toThrow(name);
});

test("a provider that would send people nowhere, or does not know us, is refused", () => {
  expect(() => readEnv({ RESIDUAL_OIDC_ISSUER: "https://login.example.org" })).toThrow(
    /RESIDUAL_OIDC_CLIENT_ID.*\n.*RESIDUAL_WEB_ORIGIN/,
  );
  expect(() => readEnv({ RESIDUAL_OIDC_CLIENT_ID: "c" })).toThrow("RESIDUAL_OIDC_ISSUER");
});

test("an S3 server without a bucket or its keys is refused", () => {
  expect(() => readEnv({ S3_ENDPOINT: "http://127.0.0.1:9000", S3_BUCKET: "b" })).toThrow(
    /S3_ACCESS_KEY_ID.*\n.*S3_SECRET_ACCESS_KEY/,
  );
});
