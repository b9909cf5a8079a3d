import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const environments = path.join(path.dirname(import.meta.dirname), ".venv");

/** Pinned; the second version is taken where the index does not serve the first with all that it needs. */
export const peers = [
  { name: "MLflow (SQLite)", module: "mlflow", versions: ["3.18.0", "3.17.2"], extra: ["psycopg2-binary"] },
  {
    name: "MLflow (Postgres)",
    module: "mlflow",
    versions: ["3.18.0", "3.17.2"],
    extra: ["psycopg2-binary"],
    postgres: true,
  },
  { name: "Aim", module: "aim", versions: ["3.29.1"], extra: [] },
  { name: "trackio", module: "trackio", versions: ["0.43.0"], extra: [] },
  { name: "TensorBoard", module: "tensorboard", versions: ["2.21.0"], extra: [] },
];

/** The Python of a peer's own environment, made on first use; or the reason why there is none. */
export function prepareEnvironment({ module, versions, extra }, say) {
  const folder = path.join(environments, module);
  const python = path.join(folder, "bin", "python");
  const marker = path.join(folder, "installed");
  if (existsSync(marker)) return { python, version: readFileSync(marker, "utf8") };
  const base = ["python3.11", "python3.12", "python3.10", "python3"].find(
    (name) => spawnSync(name, ["-c", "import venv, ensurepip"]).status === 0,
  );
  if (!base) return { missing: "no Python 3 with venv is found" };
  let reason = "";
  for (const version of versions) {
    say(`installing ${module} ${version} into bench/.venv (once) …`);
    rmSync(folder, { recursive: true, force: true });
    if (spawnSync(base, ["-m", "venv", folder]).status !== 0) return { missing: `${base} -m venv failed` };
    const pip = spawnSync(
      python,
      ["-m", "pip", "install", "-q", "--no-input", `${module}==${version}`, "numpy", ...extra],
      {
        encoding: "utf8",
        timeout: 900_000,
      },
    );
    if (pip.status === 0) {
      writeFileSync(marker, version);
      return { python, version };
    }
    reason = pip.stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "pip failed";
  }
  rmSync(folder, { recursive: true, force: true });
  return { missing: `pip installs no ${module} here: ${reason}` };
}
