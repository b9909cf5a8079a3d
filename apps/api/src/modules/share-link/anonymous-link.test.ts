import "reflect-metadata";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kind, type OperationDefinitionNode, parse } from "graphql";
import { createClient } from "graphql-ws";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { DashboardOperations } from "../../dashboard-operations.js";
import { startTestServer, type TestServer } from "../../test-server.js";
import { evaluationInput } from "../image/images.fixture.js";
import { pictureAddress } from "../image/picture-address.js";
import { canaries, insertNamedRuns } from "./anonymous-link.fixture.js";

const dashboard = new DashboardOperations();
const operations = parse(
  readFileSync(createRequire(import.meta.url).resolve("@residual/shared/dashboard.graphql"), "utf8"),
).definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION);

let api: TestServer;
let owner: Record<string, string>;
let folder: string;
let seeded: Awaited<ReturnType<typeof insertNamedRuns>>;
beforeAll(async () => {
  api = await startTestServer();
  owner = await api.signIn();
  folder = await mkdtemp(join(tmpdir(), "tresor-"));
  const files = ["a", "b"].flatMap((name) => [0, 1].map((i) => `${name}/wquast-${i}.png`));
  for (const name of ["a", "b"]) await mkdir(join(folder, name));
  for (const file of files) await writeFile(join(folder, file), await picture());
  seeded = await insertNamedRuns(api.app.pool, { path: folder, files });
  for (const run of seeded.runs) {
    const values = Object.fromEntries(
      ["train/loss", "val/loss", "val/accuracy", "rechner-zwoelf/train_acc", "rechner-zwoelf/val_acc"].map((key) => [
        key,
        [0.5, 0.4],
      ]),
    );
    await ask("mutation ($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
      input: { run: run.id, writer: "wquast", seq: 1, frame: { steps: [1, 2], values } },
    });
    const input = evaluationInput(run, seeded.imagesHash, [0, 0, 1, 1], [0, 1, 1, 0], [0.9, 0.8, 0.7, 0.6]);
    await ask("mutation ($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", { input });
  }
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const picture = () =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: "#c04020" } })
    .png()
    .toBuffer();

async function ask(query: string, variables: Record<string, unknown>) {
  const { data, errors } = await api.ask(query, variables, owner);
  if (errors) throw new Error(errors[0]!.message);
  return data;
}

/** Everything that a stranger is told who has a link of this scope: the answers of every operation of the dashboard, of exports and of pictures. */
async function everythingTold(input: Record<string, unknown>): Promise<Map<string, string>> {
  const { createShareLink } = await ask(
    "mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input: { label: "For Wilhelmina on rechner-zwoelf", ...input } },
  );
  const [id, secret] = (createShareLink.path as string).slice("/s/".length).split("#");
  const told = new Map<string, string>();
  const opened = await api.send(dashboard.textOf("OpenShareLink"), { input: { id, secret } });
  const headers = { cookie: opened.headers.get("set-cookie")!.split(";")[0]! };
  told.set("OpenShareLink", await opened.text());
  const [run, other] = seeded.runs.map((one) => one.id) as [string, string];
  const known: Record<string, unknown> = {
    ...{
      id: run,
      run,
      runs: input.scope === "RUN" ? [run] : [run, other],
      baseline: other,
      experiment: seeded.runs[0].experimentId,
    },
    ...{
      project: seeded.runs[0].projectId,
      step: "10",
      first: 24,
      offset: 0,
      keys: ["train/loss", "rechner-zwoelf/val_acc"],
    },
    ...{ maxPoints: 100, groupBy: "RUN", selection: "BEST", budgetUnit: "IMAGES", margin: 0.03, acknowledged: [] },
    ...{
      where: "ONLY_RUN_RIGHT",
      filter: "",
      orderBy: "-createdAt",
      trashed: false,
      dataset: seeded.id,
      architecture: "resnet50",
    },
    ...{ truth: null, predicted: null, after: null },
  };
  for (const { name, operation, variableDefinitions = [] } of operations) {
    if (operation !== "query") continue;
    const asked = variableDefinitions.map(({ variable }) => variable.name.value);
    const variables = Object.fromEntries(asked.map((one) => [one, known[one]]));
    if (name!.value.startsWith("Experiment")) variables.id = seeded.runs[0].experimentId;
    told.set(name!.value, await (await api.send(dashboard.textOf(name!.value), variables, headers)).text());
  }
  told.set("MetricUpdates", await firstUpdate(headers, input.scope === "RUN" ? [run] : [run, other]));
  const origin = new URL(api.url).origin;
  const chosen = input.scope === "EXPERIMENT" ? `experiment=${seeded.runs[0].experimentId}` : `run=${run}`;
  for (const path of [
    ...["runs.csv", "runs.arrow", "series.csv", "series.arrow"].map((file) => `/export/${file}?${chosen}`),
    pictureAddress(run, seeded.imagesHash, 0),
  ]) {
    const response = await fetch(origin + path, { headers });
    const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
    told.set(path.split("?")[0]!, `${response.status} ${JSON.stringify([...response.headers])} ${body}`);
  }
  return told;
}

/** The first update over a socket, of all series from the first point on. */
async function firstUpdate(headers: Record<string, string>, runs: string[]): Promise<string> {
  class WithCookie extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({ url: api.url.replace("http", "ws"), webSocketImpl: WithCookie, retryAttempts: 0 });
  const updates = client.iterate({ query: dashboard.textOf("MetricUpdates"), variables: { runs, after: "0" } });
  for await (const update of updates) {
    await client.dispose();
    return JSON.stringify(update);
  }
  return "";
}

const scopes = [
  ["a run", () => ({ scope: "RUN", run: seeded.runs[0].id })],
  ["a comparison", () => ({ scope: "COMPARISON", runs: seeded.runs.map(({ id }) => id), baseline: seeded.runs[1].id })],
  ["an experiment", () => ({ scope: "EXPERIMENT", experiment: seeded.runs[0].experimentId })],
] as const;

describe("an anonymous link tells a stranger no person, machine, path or git remote", () => {
  it.each(scopes.flatMap(([name, scope]) => (["LIVE", "FROZEN"] as const).map((mode) => [name, mode, scope] as const)))(
    "of %s, %s",
    async (_name, mode, scope) => {
      const told = await everythingTold({ ...scope(), mode, isAnonymous: true });
      const leaks = [...told].filter(([, answer]) => canaries.test(answer));
      expect(
        leaks.map(
          ([name, answer]) => `${name}: …${answer.slice(Math.max(0, answer.search(canaries) - 60)).slice(0, 140)}`,
        ),
      ).toEqual([]);
      // What is compared and drawn is all there.
      expect(told.get("Shared")).toContain('"title"');
      expect(told.get("MetricHistory")).toContain('"train/loss"');
      expect(told.get("MetricUpdates")).toContain('"train/loss"');
      expect(told.get("RunMistakes")).toContain('"picture":"/image/');
      expect([...told].find(([path]) => path.startsWith("/image/"))![1]).toMatch(/^200 .*image\/webp/);
      expect(told.get("/export/series.csv")).toContain("train/loss");
      expect(told.get("/export/runs.csv")).toMatch(/config\.learningRate.*0\.1/s);
    },
    20_000,
  );

  it("while any other link tells them: the search finds what is there", async () => {
    const told = await everythingTold({ ...scopes[0][1](), mode: "LIVE" });
    const telling = [...told].filter(([, answer]) => canaries.test(answer)).map(([name]) => name);
    expect(telling).toEqual(
      expect.arrayContaining([
        "OpenShareLink",
        "Shared",
        "RunConfig",
        "MetricUpdates",
        "/export/runs.csv",
        "/export/series.csv",
      ]),
    );
  });

  it("and still tells two hidden settings apart", async () => {
    const told = await everythingTold({ ...scopes[1][1](), mode: "LIVE", isAnonymous: true });
    const { configDiff } = JSON.parse(told.get("Shared")!).data.shared.comparison;
    const byField = new Map<string, { value: unknown }[]>(
      configDiff.map(({ field, values }: { field: string; values: { value: unknown }[] }) => [field, values]),
    );
    const [first, second] = byField.get("output")!.map(({ value }) => value);
    expect(first).toMatch(/^••• [0-9a-f]{4}$/);
    expect(second).not.toBe(first);
    expect(byField.has("dataRoot")).toBe(false);
  });
});
