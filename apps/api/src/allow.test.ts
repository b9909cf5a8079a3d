import "reflect-metadata";
import { GraphQLObjectType, GraphQLSchema, GraphQLString, getNamedType, isLeafType } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enforcePermissions, type Permission } from "./allow.js";
import { createSchema } from "./schema.js";
import { startTestServer, type TestServer } from "./test-server.js";

let server: TestServer;
let schema: GraphQLSchema;

beforeAll(async () => {
  server = await startTestServer();
  schema = createSchema();
});
afterAll(() => server.close());

test("a root field that does not say who may use it stops the server from being built", () => {
  const secret = { type: GraphQLString, resolve: () => "for nobody" };
  const forgetful = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { secret } }) });
  expect(() => enforcePermissions(forgetful)).toThrow("Query.secret does not declare who may use it");
});

/** Every query and mutation with the permissions it declares, with arguments of the right type and no meaning. */
function rootFields(): { name: string; operation: string; allowed: Permission[] }[] {
  return [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) =>
    Object.values(type.getFields()).map((field) => {
      const required = field.args.filter((arg) => String(arg.type).endsWith("!") && arg.defaultValue === undefined);
      const declared = required.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
      const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
      const call = `${field.name}${passed && `(${passed})`}`;
      const leaf = isLeafType(getNamedType(field.type)) ? "" : " { __typename }";
      return {
        name: field.name,
        operation: `${type.name.toLowerCase()} ${declared && `(${declared})`} { ${call}${leaf} }`,
        allowed: field.extensions.allow as Permission[],
      };
    }),
  );
}

const id = `run_${"0".repeat(32)}`;
const split = { examples: 1, correct: 1, meanLoss: 0 };
const lease = { job: id, leaseGeneration: 1 };
const config = { architecture: "resnet18", batchSize: 8, epochs: 1, learningRate: 1e-4 };

/** Valid variables of each operation, so that it is the permission that answers. */
const inputs: Record<string, unknown> = {
  signIn: { token: "x" },
  signInWithPassword: { email: "", password: "" },
  setPassword: { email: "", password: "" },
  createInvite: { project: "none", role: "VIEWER" },
  invite: { id, secret: "x" },
  acceptInvite: { id, secret: "x" },
  createProject: { slug: "", name: "" },
  createExperiment: { project: "none", name: "" },
  updateExperiment: { id },
  registerDataset: { project: "none", name: "", path: "" },
  startRun: { experiment: id, dataset: id, config },
  startSweep: { experiment: id, dataset: id, configs: [config] },
  createRun: { experiment: id, name: "" },
  logMetrics: { run: id, writer: "w", seq: 1, frame: { steps: [1], values: { a: [1] } } },
  logEvaluation: { run: id, epoch: 1, step: 1, train: split, val: split },
  logTestScore: { run: id, step: 1, score: split },
  finishRun: { id },
  updateRun: { id },
  createShareLink: { scope: "RUN", mode: "LIVE", run: id },
  openShareLink: { id, secret: "x" },
  createApiKey: { name: "", scopes: [] },
  registerWorker: {
    name: "",
    host: "",
    backend: "",
    device: "",
    gigaflops: 1,
    memoryBytes: 1,
    threads: 1,
    version: "",
    executors: [],
  },
  claimJob: { worker: id },
  beginJob: lease,
  heartbeat: lease,
  addRunNotice: { ...lease, step: 1, kind: "DIVERGED", key: "", values: {}, text: "" },
  commitCheckpoint: { ...lease, step: 1, epoch: 1, path: "", sha256: "", bytes: 1 },
  reportDatasetScan: {
    ...lease,
    contentHash: "",
    imageCount: 0,
    classes: [],
    duplicates: [],
    unreadable: [],
    warnings: [],
  },
  finishJob: { ...lease, status: "DONE" },
  preflight: config,
};

async function keyWith(scopes: string[]): Promise<Record<string, string>> {
  const owner = await server.signIn();
  const { data } = await server.ask(
    'mutation ($scopes: [Scope!]!) { createApiKey(input: {name: "key", scopes: $scopes}) { key } }',
    { scopes },
    owner,
  );
  return { authorization: `Bearer ${data.createApiKey.key}` };
}

const answerOf = async (field: { name: string; operation: string }, headers: Record<string, string>) => {
  const variables = {
    input: inputs[field.name],
    id,
    ids: [id],
    slug: "none",
    project: "none",
    runs: [id],
    keys: ["a"],
    dataset: id,
    architecture: "resnet18",
    run: id,
    user: id,
    role: "VIEWER",
    baseline: id,
    advice: "OVERFITTING.mixup",
    threshold: 0.1,
  };
  const { errors } = await server.ask(field.operation, variables, headers);
  return errors?.[0]?.extensions.code;
};

describe("every query and mutation", () => {
  test("asks who it is, unless it is declared PUBLIC", async () => {
    for (const field of rootFields()) {
      const code = await answerOf(field, {});
      if (field.allowed.includes("PUBLIC")) expect(code, field.name).not.toBe("FORBIDDEN");
      else expect(code, field.name).toBe("UNAUTHENTICATED");
    }
  });

  test.each(["READ", "LOG", "WORK", "MANAGE"] as const)(
    "lets a key with scope %s do what that scope is declared for, and nothing else",
    async (scope) => {
      const headers = await keyWith([scope]);
      for (const field of rootFields()) {
        const code = await answerOf(field, headers);
        if (field.allowed.includes(scope) || field.allowed.includes("PUBLIC"))
          expect(code, field.name).not.toBe("FORBIDDEN");
        else expect(code, field.name).toBe("FORBIDDEN");
      }
    },
  );
});

test("a key that logs cannot make itself a stronger one", async () => {
  const headers = await keyWith(["LOG", "WORK", "READ"]);
  const { errors } = await server.ask(
    'mutation { createApiKey(input: {name: "more", scopes: [MANAGE]}) { key } }',
    {},
    headers,
  );
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
});

test("a key that manages makes no key with a scope that it has not itself", async () => {
  const headers = await keyWith(["MANAGE", "READ"]);
  const create = 'mutation ($scopes: [Scope!]!) { createApiKey(input: {name: "more", scopes: $scopes}) { key } }';
  const { errors } = await server.ask(create, { scopes: ["READ", "WORK"] }, headers);
  expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect((await server.ask(create, { scopes: ["READ"] }, headers)).errors).toBeUndefined();
});

test("a key that only logs cannot read the project by way of the experiment that it made", async () => {
  const owner = await server.signIn();
  await server.ask('mutation { createProject(input: {slug: "closed", name: "Closed"}) { id } }', {}, owner);
  const create = (selection: string) =>
    `mutation { createExperiment(input: {project: "closed", name: "mine"}) { id ${selection} } }`;
  const headers = await keyWith(["LOG"]);
  expect((await server.ask(create(""), {}, headers)).errors).toBeUndefined();
  for (const selection of ["project { slug }", "runs { nodes { id } }"]) {
    expect((await server.ask(create(selection), {}, headers)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  }
});
