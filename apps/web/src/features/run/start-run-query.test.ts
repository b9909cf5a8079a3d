import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import { startRunQuery } from "./start-run-query";

const schema = buildSchema(
  readFileSync(new URL("../../../../../packages/shared/schema.graphql", import.meta.url), "utf8"),
);

it("is a request that the API accepts", () => {
  const config = {
    architecture: "resnet18",
    batchSize: 32,
    epochs: 3,
    learningRate: 1e-3,
    optimizer: "ADAMW",
    augmentation: "LIGHT",
  };
  const text = startRunQuery({ config, experiment: "exp_1", dataset: "dst_1", name: 'a "quoted" run' });
  expect(validate(schema, parse(text!))).toEqual([]);
});

it("is nothing for a run that no worker of ours trained", () => {
  expect(startRunQuery({ config: { lr: 1 }, experiment: "exp_1", dataset: "dst_1", name: "x" })).toBeNull();
  expect(
    startRunQuery({ config: { architecture: "resnet18" }, experiment: "exp_1", dataset: null, name: "x" }),
  ).toBeNull();
});
