import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import * as operations from "./operations.js";

const schema = buildSchema(readFileSync(new URL("../../../packages/shared/schema.graphql", import.meta.url), "utf8"));

describe("operations", () => {
  it.each(Object.values(operations).map((operation) => [operation.name, operation.text]))(
    "%s is one of the API",
    (name, text) => {
      const document = parse(text);
      expect(validate(schema, document)).toEqual([]);
      expect(document.definitions).toHaveLength(1);
      expect(document.definitions[0]).toMatchObject({ name: { value: name } });
    },
  );
});
