import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository, type System, startSystem } from "./system.js";
import { openWorkbench } from "./workbench.js";

const python = ["python3", "python"].find((command) => spawnSync(command, ["--version"]).status === 0);

const notebook = JSON.parse(readFileSync(path.join(repository, "notebooks/compare_runs.ipynb"), "utf8")) as {
  cells: { cell_type: string; source: string[] }[];
};
const code = notebook.cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.source.join(""));

it("takes at most five lines for each step after its tools", () => {
  const lengths = code.slice(1).map((cell) => cell.split("\n").filter((line) => line.trim() !== "").length);
  expect(lengths.length).toBeGreaterThan(8);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(5);
});

describe.skipIf(!python)("the notebook", () => {
  let system: System;
  let folder: string;
  beforeAll(async () => {
    system = await startSystem();
    folder = mkdtempSync(path.join(tmpdir(), "residual-notebook-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await system.close();
  });

  it("runs from its first cell to its last with nothing but Python and an API key", async () => {
    const owner = await system.owner();
    const { experiment } = await openWorkbench(owner);
    const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
      `mutation { createApiKey(input: { name: "notebook", scopes: [READ, LOG] }) { key } }`,
    );
    writeFileSync(path.join(folder, "notebook.py"), code.join("\n\n"));
    const run = spawnSync(python!, ["notebook.py"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, RESIDUAL_URL: system.origin, RESIDUAL_API_KEY: createApiKey.key },
    });
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("FINISHED, 100 points stored.");

    const { experiment: seen } = await owner<{
      experiment: { runs: { nodes: { name: string; generalizationGap: { accuracy: { estimate: number } } }[] } };
    }>(
      "query($id: ID!) { experiment(id: $id) { runs { nodes { name generalizationGap { accuracy { estimate } } } } } }",
      { id: experiment },
    );
    const logged = seen.runs.nodes.find((node) => node.name === "from my notebook");
    expect(logged?.generalizationGap.accuracy.estimate).toBeCloseTo(975 / 1000 - 315 / 400, 10);
  });
});
