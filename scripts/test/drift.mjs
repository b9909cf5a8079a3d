// Generates the committed generated files again and fails when that changes any of them; puts the committed ones back.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = process.cwd();
const targets = process.argv.slice(2);
const copy = mkdtempSync(path.join(tmpdir(), "residual-drift-"));
const filesOf = (place) =>
  !existsSync(place)
    ? []
    : statSync(place).isFile()
      ? [place]
      : readdirSync(place, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name));
const read = (base, target) =>
  new Map(filesOf(path.join(base, target)).map((file) => [path.relative(base, file), readFileSync(file, "utf8")]));

for (const target of targets) cpSync(path.join(root, target), path.join(copy, target), { recursive: true });
let drifted = [];
try {
  execFileSync(path.join(root, "node_modules", ".bin", "turbo"), ["run", "generate", "--output-logs=errors-only"], {
    cwd: root,
    stdio: "inherit",
  });
  execFileSync(process.execPath, ["scripts/build-notebook.mjs"], { cwd: root, stdio: "inherit" });
  drifted = targets.flatMap((target) => {
    const before = read(copy, target);
    const after = read(root, target);
    return [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  });
} finally {
  for (const target of targets) {
    rmSync(path.join(root, target), { recursive: true, force: true });
    cpSync(path.join(copy, target), path.join(root, target), { recursive: true });
  }
  rmSync(copy, { recursive: true });
}
if (drifted.length > 0) {
  console.error(`Not current; run \`npm run generate\` and commit:\n${drifted.map((file) => `  ${file}`).join("\n")}`);
  process.exit(1);
}
