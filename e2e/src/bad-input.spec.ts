import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeBase64, encodeMetricFrame } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whitePng } from "./bad-images.js";
import { decodeFloat64Column } from "./columns.js";
import { eventually, type GraphQLClient, graphqlClient, refusalOf } from "./graphql-client.js";
import { childOf } from "./processes.js";
import { type System, startSystem } from "./system.js";
import { openWorkbench, smallImageFolder, startRun, type Workbench } from "./workbench.js";

let system: System;
let owner: GraphQLClient;
let bench: Workbench;
let partsAtStart: number[];
beforeAll(async () => {
  system = await startSystem();
  owner = await system.owner();
  bench = await openWorkbench(owner, smallImageFolder(3, 12));
  partsAtStart = parts();
});
afterAll(() => system.close());

const parts = () =>
  ["apps/api/dist/main.js", "next", "apps/worker/dist/main.js"].map((part) => childOf(system.process.pid!, part).pid);

interface DatasetState {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly imageCount: number;
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

const register = async (folder: string) => {
  const { registerDataset } = await owner<{ registerDataset: { id: string } }>(
    "mutation($input: RegisterDatasetInput!) { registerDataset(input: $input) { id } }",
    { input: { project: bench.project, name: path.basename(folder), path: folder } },
  );
  return registerDataset.id;
};

const scanned = async (id: string): Promise<DatasetState> => {
  const ask = () =>
    owner<{ dataset: DatasetState }>(
      "query($id: ID!) { dataset(id: $id) { id status error imageCount warnings unreadable { path reason } } }",
      { id },
    );
  return (await eventually(ask, ({ dataset }) => dataset.status !== "SCANNING", 60_000)).dataset;
};

const emptyFolder = () => mkdtempSync(path.join(tmpdir(), "residual-images-"));

describe("a folder that nobody can train on", () => {
  it.each([
    ["that does not exist", () => path.join(emptyFolder(), "gone"), /There is no folder .*Check the path/],
    ["that is empty", emptyFolder, /is empty\. It should hold one folder a class/],
    ["of one class", () => smallImageFolder(1, 12), /one class only.*add a second class folder/],
    ["of three images", () => smallImageFolder(3, 1), /has 3 readable images; at least 10.*Add images/],
  ])("%s fails its scan with the folder and what to do", async (_what, makeFolder, expected) => {
    const folder = makeFolder();
    const id = await register(folder);
    const dataset = await scanned(id);
    expect(dataset.status).toBe("FAILED");
    expect(dataset.error).toMatch(expected);
    expect(dataset.error).toContain(folder);

    const refusal = await refusalOf(startRun(owner, { ...bench, dataset: id }, {}));
    expect(refusal.extensions.code).toBe("CONFLICT");
    expect(refusal.message).toMatch(/scan/);
  });

  it("is taken after it was repaired and scanned again", async () => {
    const folder = smallImageFolder(3, 1);
    const id = await register(folder);
    expect((await scanned(id)).status).toBe("FAILED");
    for (const name of readdirSync(folder)) {
      for (let number = 0; number < 4; number++)
        writeFileSync(path.join(folder, name, `${number}.png`), whitePng(number + 20));
    }
    await owner("mutation($id: ID!) { rescanDataset(id: $id) { id } }", { id });
    expect(await scanned(id)).toMatchObject({ status: "READY", error: null, imageCount: 15 });
  });

  it("is refused at once where the path cannot be one", async () => {
    const { extensions, message } = await refusalOf(register("images"));
    expect(extensions).toMatchObject({ code: "BAD_INPUT", field: "path" });
    expect(message).toMatch(/"images".*whole path from the root/);
  });
});

describe("damaged files among good images", () => {
  it("are listed with their reasons and passed over, and the rest can be trained on", async () => {
    const folder = smallImageFolder(3, 12);
    const [first] = readdirSync(folder).sort();
    const inFirst = (name: string) => path.join(folder, first!, name);
    const whole = readFileSync(inFirst(readdirSync(path.join(folder, first!)).sort()[0]!));
    writeFileSync(inFirst("text.jpg"), "This is no picture.");
    writeFileSync(inFirst("empty.png"), "");
    writeFileSync(inFirst("truncated.png"), whole.subarray(0, Math.floor(whole.length / 2)));
    writeFileSync(inFirst("vast.png"), whitePng(20_000));

    const dataset = await scanned(await register(folder));
    expect(dataset).toMatchObject({ status: "READY", error: null, imageCount: 36 });
    const reasons = new Map(dataset.unreadable.map((file) => [path.basename(file.path), file.reason]));
    expect([...reasons.keys()].sort()).toEqual(["empty.png", "text.jpg", "truncated.png", "vast.png"]);
    expect(reasons.get("text.jpg")).toMatch(/not an image/);
    expect(reasons.get("empty.png")).toMatch(/empty|not an image/);
    expect(reasons.get("truncated.png")).toMatch(/damaged/);
    expect(reasons.get("vast.png")).toMatch(/20000 × 20000 pixels are more than the limit of 100 megapixels/);
    expect(dataset.warnings.join()).toMatch(/4 files could not be read as images and were skipped/);

    const run = await startRun(owner, { ...bench, dataset: dataset.id }, { epochs: 1 });
    const end = await eventually(
      () =>
        owner<{ run: { status: string; error: string | null } }>("query($id: ID!) { run(id: $id) { status error } }", {
          id: run,
        }),
      ({ run: { status } }) => ["FINISHED", "FAILED"].includes(status),
    );
    expect(end.run).toEqual({ status: "FINISHED", error: null });
  });
});

describe("a training configuration out of range", () => {
  it.each([
    [{ learningRate: 5 }, "learningRate", [1e-5, 1e-3], /Learning rate 5 is above 0?\.?1?e?-?0?0?.*diverge/],
    [{ batchSize: 100_000 }, "batchSize", [2, 128], /Batch size 100,000 is above 128.*backward pass/],
    [{ epochs: 0 }, "epochs", [1, 30], /0 epochs: at least 1/],
    [{ imageSize: 33 }, "imageSize", [32, 512], /33 px is no multiple of 32.*nearest that fits is 32/],
    [{ evalEvery: 9 }, "evalEvery", [1, 2], /rarer than the run allows.*gap/],
  ])("%j is refused with the range and the reason", async (config, field, limit, reason) => {
    const { extensions, message } = await refusalOf(startRun(owner, bench, config));
    expect(extensions).toMatchObject({ code: "BAD_INPUT", field: `config.${field}`, limit });
    expect(message).toMatch(reason);
  });
});

describe("metrics", () => {
  let script: GraphQLClient;
  beforeAll(async () => {
    const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
      `mutation { createApiKey(input: { name: "script", scopes: [LOG, READ] }) { key } }`,
    );
    script = graphqlClient(system.origin, { authorization: `Bearer ${createApiKey.key}` });
  });

  const loggedRun = async () => {
    const { createRun } = await owner<{ createRun: { id: string } }>(
      "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
      { input: { experiment: bench.experiment, name: "logged" } },
    );
    return createRun.id;
  };
  const log = (run: string, seq: number, frame: unknown, writer = "script") =>
    script<{ logMetrics: { ackedSeq: number; duplicate: boolean; points: number } }>(
      "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq duplicate points } }",
      { input: { run, writer, seq, frame } },
    ).then(({ logMetrics }) => logMetrics);
  const read = async (run: string) => {
    const { metricSeries } = await script<{ metricSeries: { step: string; value: string; exact: boolean }[] }>(
      `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["train/loss"], maxPoints: 1000) { step value exact } }`,
      { runs: [run] },
    );
    return { steps: decodeFloat64Column(metricSeries[0]!.step), values: decodeFloat64Column(metricSeries[0]!.value) };
  };

  it("NaN, the infinities, -0 and the smallest and largest numbers come back bit for bit", async () => {
    const values = [Number.NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, Number.MAX_VALUE, 0.1, 1 / 3];
    const steps = values.map((_, step) => step);
    const plain = await loggedRun();
    const asJson = values.map((value) => (Number.isFinite(value) ? value : String(value)));
    // JSON.stringify writes -0 as 0; the binary form below carries it.
    await log(plain, 1, { steps, values: { "train/loss": asJson } });
    expect(bits((await read(plain)).values)).toEqual(bits(values.map((value) => (Object.is(value, -0) ? 0 : value))));

    const binary = await loggedRun();
    const columns = [{ key: "train/loss", rows: null, values: Float64Array.from(values) }];
    const frame = encodeMetricFrame({
      steps: Float64Array.from(steps),
      times: Float64Array.from(steps, (step) => Date.UTC(2026, 0) + step),
      columns,
    });
    await log(binary, 1, encodeBase64(frame));
    expect(bits((await read(binary)).values)).toEqual(bits(values));
  });

  it("out of order are read in the order of their steps, the later value where a step was logged twice", async () => {
    const run = await loggedRun();
    await log(run, 1, { steps: [5, 3, 9, 1, 3], values: { "train/loss": [0.5, 0.3, 0.9, 0.1, 0.33] } });
    await log(run, 2, { steps: [0, 7, 9], values: { "train/loss": [0, 0.7, 0.99] } });
    const { steps, values } = await read(run);
    expect([...steps]).toEqual([0, 1, 3, 5, 7, 9]);
    expect([...values]).toEqual([0, 0.1, 0.33, 0.5, 0.7, 0.99]);
  });

  it("sent twice are stored once; other content under the same number is refused", async () => {
    const run = await loggedRun();
    const frame = { steps: [1, 2], values: { "train/loss": [0.5, 0.25] } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => log(run, 1, frame)));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(answers.map(({ ackedSeq, points }) => [ackedSeq, points])).toEqual(answers.map(() => [1, 2]));

    const other = await refusalOf(log(run, 1, { steps: [1, 2], values: { "train/loss": [9, 9] } }));
    expect(other.extensions).toMatchObject({ code: "CONFLICT", field: "seq" });
    expect(other.message).toMatch(/Writer script sent seq 1 before, with other content.*own writer name/);
    const gap = await refusalOf(log(run, 3, frame));
    expect(gap.extensions).toMatchObject({ code: "SEQ_GAP", expected: 2 });
    expect(gap.message).toMatch(/Send 2 first/);

    expect([...(await read(run)).values]).toEqual([0.5, 0.25]);
    const { run: stored } = await owner<{ run: { integrity: Record<string, number> } }>(
      "query($id: ID!) { run(id: $id) { integrity { pointsAcknowledged pointsStored framesDuplicated } } }",
      { id: run },
    );
    expect(stored.integrity).toEqual({ pointsAcknowledged: 2, pointsStored: 2, framesDuplicated: 4 });
  });

  it.each([
    [
      "a negative step",
      { steps: [-1], values: { "train/loss": [1] } },
      /steps\[0\] is -1; a step is an integer from 0/,
    ],
    [
      "a value that is text",
      { steps: [1], values: { "train/loss": ["low"] } },
      /"train\/loss"\]\[0\] is neither a number/,
    ],
    ["more values than steps", { steps: [1], values: { "train/loss": [1, 2] } }, /2 entries for 1 steps/],
  ])("with %s are refused whole", async (_what, frame, reason) => {
    const run = await loggedRun();
    const { extensions, message } = await refusalOf(log(run, 1, frame));
    expect(extensions.code).toBe("BAD_INPUT");
    expect(message).toMatch(reason);
    expect(await log(run, 1, { steps: [1], values: { "train/loss": [1] } })).toMatchObject({ duplicate: false });
  });
});

describe("requests that ask for too much", () => {
  const post = async (origin: string, body: string) => {
    const response = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const text = await response.text();
    try {
      const { errors } = JSON.parse(text) as {
        errors: { message: string; extensions: { code: string; limit?: number } }[];
      };
      return { status: response.status, ...errors[0]! };
    } catch {
      throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
    }
  };
  const apiOrigin = () =>
    /The API answers at (\S+)\/graphql/.exec(readFileSync(path.join(system.dataDir, "logs", "API.log"), "utf8"))![1]!;

  it.each(["dashboard", "API"])("50 MB to the %s are refused with the limit", async (part) => {
    const body = JSON.stringify({ query: "{ viewer { id } }", variables: { ballast: "x".repeat(50_000_000) } });
    const { status, extensions, message } = await post(part === "API" ? apiOrigin() : system.origin, body);
    const requestId = expect.any(String);
    expect({ status, ...extensions }).toEqual({ status: 413, code: "TOO_LARGE", limit: 4_194_304, requestId });
    expect(message).toMatch(/Send it in several parts/);
  });

  it("a query nested 50 deep", async () => {
    const levels = 25; // each is two deep
    const query = `{ projects { nodes { ${"experiments(first: 1) { nodes { project { ".repeat(levels)} id ${"} } } ".repeat(levels)} } } }`;
    const { extensions, message } = await refusalOf(owner(query));
    expect(extensions).toMatchObject({ code: "BAD_INPUT", limit: 12 });
    expect(message).toMatch(/nested 13 deep; the limit is 12\. Ask for less/);
  });

  it("a query with 10,000 aliases", async () => {
    const query = `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: viewer { id }`).join(" ")} }`;
    const { extensions, message } = await refusalOf(owner(query));
    expect(extensions.code).toBe("BAD_INPUT");
    expect(message).toMatch(/4,?000.*(Ask for less|several requests)/s);
    const few = `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: viewer { id }`).join(" ")} }`;
    expect((await refusalOf(owner(few))).message).toMatch(/too many aliases; the limit is 100\. Ask for less/);
  });

  it("a body that is no JSON, and a field that does not exist", async () => {
    expect((await post(system.origin, "{")).extensions.code).toBe("BAD_INPUT");
    const { extensions, message } = await refusalOf(owner("{ viewr { id } }"));
    expect(extensions.code).toBe("BAD_INPUT");
    expect(message).toMatch(/viewr/);
  });
});

describe("what is not there", () => {
  it.each([
    "query($id: ID!) { run(id: $id) { id } }",
    "mutation($id: ID!) { stopRun(id: $id) { id } }",
    "mutation($id: ID!) { resumeRun(id: $id) { id } }",
  ])("an unknown run: %s", async (operation) => {
    const id = `run_${"0".repeat(32)}`;
    const { extensions, message } = await refusalOf(owner(operation, { id }));
    expect(extensions.code).toBe("NOT_FOUND");
    expect(message).toMatch(new RegExp(`no run "${id}".*Check the id`));
  });

  it("a share link that was revoked opens for nobody and ends for those who had opened it", async () => {
    const { createShareLink } = await owner<{ createShareLink: { path: string; shareLink: { id: string } } }>(
      "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path shareLink { id } } }",
      { input: { scope: "EXPERIMENT", mode: "LIVE", experiment: bench.experiment } },
    );
    const { id } = createShareLink.shareLink;
    const secret = createShareLink.path.split("#")[1]!;
    const open = "mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }";
    const opened = await fetch(`${system.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: open, variables: { input: { id, secret } } }),
    });
    const visitor = graphqlClient(system.origin, { cookie: opened.headers.getSetCookie()[0]!.split(";")[0]! });
    // An operation of the dashboard: a link runs no other.
    const names =
      "query ExperimentRunNames($experiment: ID!) { experiment(id: $experiment) { id runs(first: 200) { nodes { id name } } } }";
    const look = () => visitor<{ experiment: { id: string } }>(names, { experiment: bench.experiment });
    expect((await look()).experiment.id).toBe(bench.experiment);

    await owner("mutation($id: ID!) { revokeShareLink(id: $id) { revokedAt } }", { id });
    expect((await refusalOf(look())).extensions.code).toBe("UNAUTHENTICATED");
    const { extensions, message } = await refusalOf(graphqlClient(system.origin)(open, { input: { id, secret } }));
    expect(extensions.code).toBe("NOT_FOUND");
    expect(message).toMatch(/was withdrawn or has expired. Ask whoever sent it for a new one/);
  });
});

describe("after all of this", () => {
  it("every process is still the one that was started, and nothing was logged as a fault of ours", () => {
    expect(parts()).toEqual(partsAtStart);
    expect(system.output()).not.toContain("starting it again");
    expect(readFileSync(path.join(system.dataDir, "logs", "API.log"), "utf8")).not.toContain("INTERNAL");
  });
});

function bits(values: ArrayLike<number>): bigint[] {
  return [...new BigUint64Array(Float64Array.from(values).buffer)];
}
