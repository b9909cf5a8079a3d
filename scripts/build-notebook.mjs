// Writes notebooks/compare_runs.ipynb from its script twin, so that the two cannot say different things.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "notebooks");
const script = readFileSync(path.join(folder, "compare_runs.py"), "utf8");
const lines = (text) => text.split(/(?<=\n)/);

const cells = script
  .split(/^# %%/m)
  .slice(1)
  .map((cell, index) => {
    const id = `cell-${index + 1}`;
    if (cell.startsWith(" [markdown]\n")) {
      const text = cell.slice(" [markdown]\n".length).trim().replace(/^# ?/gm, "");
      return { cell_type: "markdown", id, metadata: {}, source: lines(text) };
    }
    return { cell_type: "code", execution_count: null, id, metadata: {}, outputs: [], source: lines(cell.trim()) };
  });

const notebook = {
  cells,
  metadata: {
    kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
    language_info: { name: "python" },
  },
  nbformat: 4,
  nbformat_minor: 5,
};
writeFileSync(path.join(folder, "compare_runs.ipynb"), `${JSON.stringify(notebook, null, 1)}\n`);
