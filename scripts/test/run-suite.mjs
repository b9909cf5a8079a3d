import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Runs vitest in one folder, its output straight to ours, and returns how many tests passed, failed and were skipped,
 * and the names of those that failed: whoever reads only the end of a long log must see which they were.
 * A file that cannot even be loaded, or a run that dies, counts as one failure: silence is never success.
 */
export async function runSuite(root, folder) {
  const directory = mkdtempSync(path.join(tmpdir(), "residual-suite-"));
  const report = path.join(directory, "report.json");
  const code = await run(
    process.execPath,
    [
      path.join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    path.join(root, folder),
  );
  const result = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  rmSync(directory, { recursive: true });
  if (!result) return { passed: 0, failed: 1, skipped: 0, names: [`${folder}: the run died before its report`] };
  const failed = Math.max(result.numFailedTests, result.numFailedTestSuites > 0 || code !== 0 ? 1 : 0);
  return { passed: result.numPassedTests, failed, skipped: result.numPendingTests, names: failedNames(result) };
}

function failedNames({ testResults }) {
  return testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === "failed");
      const file = path.basename(name);
      return failed.length > 0
        ? failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n    ${firstLine(failureMessages[0])}`)
        : [`${file}: ${firstLine(message)}`];
    });
}

function firstLine(message = "") {
  return message.split("\n", 1)[0];
}

/** Runs one command, its output to ours; resolves with its exit code. */
export function run(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"], env: testEnvironment() });
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function testEnvironment() {
  // A developer's own database, data folder or Node mode must not leak into the tests.
  const { NODE_ENV: _mode, DATABASE_URL: _database, RESIDUAL_DATA: _data, ...environment } = process.env;
  return { ...environment, TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", CI: "1" };
}
