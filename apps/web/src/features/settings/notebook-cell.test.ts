import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import { notebookCell } from "./notebook-cell";

it("asks for what the API has", () => {
  const file = createRequire(import.meta.url).resolve("@residual/shared/schema.graphql");
  const [, query] = /ask\("""([\s\S]*?)"""/.exec(notebookCell("http://127.0.0.1:3000", "main"))!;
  expect(validate(buildSchema(readFileSync(file, "utf8")), parse(query!))).toEqual([]);
});
