import { readFileSync } from "node:fs";
import { completeTrainingConfig } from "@residual/shared";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import { startRunQuery } from "./start-run-query";

const schema = buildSchema(
  readFileSync(new URL("../../../../../packages/shared/schema.graphql", import.meta.url), "utf8"),
);

it("is a request that the API accepts, with every setting of the run", () => {
  const config = completeTrainingConfig({ architecture: "resnet18", batchSize: 32, epochs: 3, learningRate: 1e-3 });
  const text = startRunQuery({ config, experiment: "exp_1", dataset: "dst_1", name: 'a "quoted" run' });
  expect(validate(schema, parse(text!))).toEqual([]);
  for (const [field, value] of Object.entries(config)) if (value !== null) expect(text).toContain(`${field}: `);
});

it("is nothing for a run that no worker of ours trained", () => {
  expect(startRunQuery({ config: { lr: 1 }, experiment: "exp_1", dataset: "dst_1", name: "x" })).toBeNull();
  expect(
    startRunQuery({ config: { architecture: "resnet18" }, experiment: "exp_1", dataset: null, name: "x" }),
  ).toBeNull();
});
