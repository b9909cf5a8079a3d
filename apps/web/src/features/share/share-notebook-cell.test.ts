import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import { shareNotebookCell } from "./share-notebook-cell";

const link = (hasPassword: boolean) => ({ path: "/s/lnk_1#s3cret", shareLink: { id: "lnk_1", hasPassword } });
const comparison = { scope: "COMPARISON", runs: ["run_1", "run_2"], baseline: null, name: "" } as const;
const cellOf = (hasPassword: boolean) =>
  shareNotebookCell("http://127.0.0.1:3000", { ...comparison, runs: [...comparison.runs] }, link(hasPassword));

it("opens the link as the API has it, and reads the series of what it shows", () => {
  const file = createRequire(import.meta.url).resolve("@residual/shared/schema.graphql");
  const [, opening] = /opening = """([\s\S]*?)"""/.exec(cellOf(false))!;
  expect(validate(buildSchema(readFileSync(file, "utf8")), parse(opening!))).toEqual([]);
  expect(cellOf(false)).toContain('"id": "lnk_1", "secret": "s3cret"}');
  expect(cellOf(false)).toContain("/export/series.csv?run=run_1&run=run_2");
});

it("asks for the password of a link that has one, and so never holds it", () => {
  expect(cellOf(true)).toContain("getpass.getpass(");
  expect(cellOf(false)).not.toContain("getpass");
});
