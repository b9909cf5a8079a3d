import { afterAll, beforeAll, expect, it } from "vitest";
import { type System, startSystem } from "./system.js";

let system: System;
beforeAll(async () => {
  system = await startSystem(["--empty", "--no-worker"]);
});
afterAll(() => system.close());

it("points leave through the front door as a file, again only when there are new ones, and not without a key", async () => {
  const owner = await system.owner();
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    `mutation { createExperiment(input: { project: "main", name: "Which backbone?", question: "" }) { id } }`,
  );
  const experiment = createExperiment.id;
  const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
    `mutation { createApiKey(input: { name: "notebook", scopes: [READ, LOG] }) { key } }`,
  );
  const { createRun } = await owner<{ createRun: { id: string } }>(
    `mutation($experiment: ID!) { createRun(input: { experiment: $experiment, name: "mine" }) { id } }`,
    { experiment },
  );
  await owner(
    `mutation($run: ID!) { logMetrics(input: { run: $run, writer: "w", seq: 1, frame: { steps: [1, 2], values: { loss: [0.5, 0.25] } } }) { points } }`,
    { run: createRun.id },
  );
  const address = `${system.origin}/export/series.csv?experiment=${experiment}&key=loss`;
  const authorization = `Bearer ${createApiKey.key}`;
  const answer = await fetch(address, { headers: { authorization } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="residual-${experiment}-series.csv"`);
  const rows = (await answer.text())
    .trim()
    .split("\r\n")
    .map((row) => row.split(","));
  expect(rows.map(([run, name, key, step, , value]) => [run, name, key, step, value])).toEqual([
    ["run", "name", "key", "step", "value"],
    [createRun.id, "mine", "loss", "1", "0.5"],
    [createRun.id, "mine", "loss", "2", "0.25"],
  ]);
  const again = await fetch(address, { headers: { authorization, "if-none-match": answer.headers.get("etag")! } });
  expect(again.status).toBe(304);
  const parquet = await fetch(address.replace(".csv", ".parquet"), { headers: { authorization } });
  expect(
    Buffer.from(await parquet.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe("PAR1");
  const refused = await fetch(address);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
});
