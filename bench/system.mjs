import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Starts the product in a data folder of its own, without a worker, and signs the owner in. */
export async function startSystem() {
  const dataDir = mkdtempSync(path.join(tmpdir(), "residual-bench-"));
  const child = spawn(
    process.execPath,
    ["scripts/start.mjs", "--empty", "--no-worker", "--port", "0", "--data", dataDir],
    {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      printed += chunk;
      const found = /Residual runs at (\S+)/.exec(printed);
      if (found) resolve(new URL(found[1]));
    });
    void exited.then((code) => reject(new Error(`start ended with ${code}`)));
  });
  const answer = await fetch(`${url.origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($token: String!) { signIn(input: { token: $token }) { id } }",
      variables: { token: url.hash.replace("#token=", "") },
    }),
  });
  const cookie = answer.headers.getSetCookie()[0].split(";")[0];
  return {
    origin: url.origin,
    cookie,
    ask: (query, variables = {}) => ask(url.origin, cookie, query, variables),
    close: async () => {
      child.kill("SIGINT");
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ask(origin, cookie, query, variables) {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join("; "));
  return answer.data;
}

/** An experiment to log into. */
export async function openExperiment(system) {
  const { projects } = await system.ask("{ projects { nodes { slug } } }");
  if (projects.nodes.length === 0)
    await system.ask(`mutation { createProject(input: { slug: "main", name: "Main" }) { id } }`);
  const project = projects.nodes[0]?.slug ?? "main";
  const { createExperiment } = await system.ask(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project, name: "bench" } },
  );
  return { project, experiment: createExperiment.id };
}

export async function createRun(system, experiment, name, architecture) {
  const { createRun: run } = await system.ask("mutation($input: CreateRunInput!) { createRun(input: $input) { id } }", {
    input: { experiment, name, ...(architecture ? { architecture } : {}) },
  });
  return run.id;
}

export function logFrame(system, run, writer, seq, frame) {
  return system.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }", {
    input: { run, writer, seq, frame },
  });
}

/** Minimum, median and maximum of `times` in milliseconds, for one line of a report. */
export function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `min ${at(0)} ms, median ${at(0.5)} ms, max ${at(1)} ms`;
}
