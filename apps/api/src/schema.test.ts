import "reflect-metadata";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { schemaText } from "./schema.js";

test("packages/shared/schema.graphql is the schema that is served: else run npm run generate", () => {
  const file = createRequire(import.meta.url).resolve("@residual/shared/schema.graphql");
  expect(readFileSync(file, "utf8")).toBe(schemaText());
});
