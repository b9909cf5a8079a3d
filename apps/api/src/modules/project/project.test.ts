import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";

let server: TestServer;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
});
afterAll(() => server.close());

const createProject = (slug: string, name = "Defects") =>
  server.ask(
    "mutation ($slug: String!, $name: String!) { createProject(input: {slug: $slug, name: $name}) { id slug name } }",
    { slug, name },
    owner,
  );
const createExperiment = (input: object) =>
  server.ask(
    "mutation ($i: CreateExperimentInput!) { createExperiment(input: $i) { id name question selectionMetric project { slug } } }",
    { i: input },
    owner,
  );

describe("a project", () => {
  test("is found by its slug, which is taken once", async () => {
    const { data } = await createProject("defects");
    expect(data.createProject).toMatchObject({ slug: "defects", name: "Defects" });
    expect((await createProject("defects")).errors?.[0]?.extensions).toMatchObject({ code: "CONFLICT", field: "slug" });
    const found = await server.ask('{ project(slug: "defects") { id } }', {}, owner);
    expect(found.data.project.id).toBe(data.createProject.id);
    expect((await server.ask('{ project(slug: "unknown") { id } }', {}, owner)).errors?.[0]?.extensions.code).toBe(
      "NOT_FOUND",
    );
  });

  test.each(["", "Defects", "a b", "-a", "a-", "../x", "a".repeat(64), "prj_1"])(
    "with the slug %j is refused",
    async (slug) => {
      expect((await createProject(slug)).errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "slug" });
    },
  );

  test.each([
    ["é in two code points becomes one", "Cafe\u0301", "Caf\u00e9"],
    ["text from right to left is kept", "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"],
    ["256 emoji are 256 characters", "😀".repeat(256), "😀".repeat(256)],
  ])("name: %s", async (_, name, stored) => {
    const { data } = await createProject(`p${Math.random().toString(36).slice(2)}`, name);
    expect(data.createProject.name).toBe(stored);
  });

  test.each([
    ["NUL", "a\u0000b"],
    ["half a surrogate pair", "a\ud800b"],
    ["a mark that reverses the reading direction", "a\u202eb"],
    ["257 characters", "a".repeat(257)],
  ])("name with %s is refused", async (_, name) => {
    expect((await createProject("fresh", name)).errors?.[0]?.extensions).toMatchObject({
      code: "BAD_INPUT",
      field: "name",
    });
  });
});

describe("an experiment", () => {
  test("carries its question and selection metric; what updateExperiment leaves out stays", async () => {
    const { data } = await createExperiment({ project: "defects", name: "Backbone", question: "Which one?" });
    const { id } = data.createExperiment;
    expect(data.createExperiment).toMatchObject({ selectionMetric: "val/accuracy", project: { slug: "defects" } });
    const changed = await server.ask(
      'mutation ($id: ID!) { updateExperiment(input: {id: $id, name: "Renamed"}) { name question } }',
      { id },
      owner,
    );
    expect(changed.data.updateExperiment).toEqual({ name: "Renamed", question: "Which one?" });
  });

  test("names its metric as split/name, in a project that exists", async () => {
    expect(
      (await createExperiment({ project: "defects", name: "x", selectionMetric: "accuracy" })).errors?.[0]?.extensions,
    ).toMatchObject({
      code: "BAD_INPUT",
      field: "selectionMetric",
    });
    expect((await createExperiment({ project: "none", name: "x" })).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  test("lists come in pages, the newest first, each experiment once", async () => {
    for (let i = 0; i < 5; i++) await createExperiment({ project: "defects", name: `e${i}` });
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await server.ask(
        'query ($after: String) { project(slug: "defects") { experiments(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } } }',
        { after },
        owner,
      );
      const { nodes, pageInfo } = data.project.experiments;
      names.push(...nodes.map(({ name }: { name: string }) => name));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(names.slice(0, 5)).toEqual(["e4", "e3", "e2", "e1", "e0"]);
    expect(new Set(names).size).toBe(names.length);
  });
});
