import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const query =
  "subscription($project: String!, $experiment: ID) { runUpdates(project: $project, experiment: $experiment) { run { id name } change } }";
type Update = { data: { runUpdates: { run: { id: string; name: string }; change: string } } };
const next = async (updates: AsyncIterator<unknown>) => ((await updates.next()).value as Update).data.runUpdates;

describe("changes of runs", () => {
  it("reach who follows their project or experiment, and nobody else", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const [foreign] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const byProject = await api.follow(query, { project: run.projectId });
    const byExperiment = await api.follow(query, { project: run.projectId, experiment: run.experimentId });
    api.app.events.runChanged(foreign, "STATUS");
    api.app.events.runChanged({ ...run, experimentId: "exp_other" }, "CREATED");
    api.app.events.runChanged(run, "STATUS");
    expect(await next(byExperiment)).toEqual({ run: { id: run.id, name: "Test" }, change: "STATUS" });
    expect([(await next(byProject)).change, (await next(byProject)).change]).toEqual(["CREATED", "STATUS"]);
    await byProject.return!();
    await byExperiment.return!();
    expect(api.app.events.listenerCount).toBe(0);
  });

  it("wait as one of a kind for a reader that is slow, who then sees the run as it is", async () => {
    const runs = await insertTestRuns(api.database.pool, 2);
    const [first, second] = runs as [TestRun, TestRun];
    const updates = await api.follow(query, { project: first.projectId });
    for (let i = 0; i < 10_000; i++) api.app.events.runChanged(runs[i % 2]!, "PROGRESS");
    await api.database.pool.query("UPDATE run SET name = 'Now' WHERE id = $1", [first.id]);
    expect(await next(updates)).toEqual({ run: { id: first.id, name: "Now" }, change: "PROGRESS" });
    expect((await next(updates)).run.id).toBe(second.id);
    const more = updates.next();
    await updates.return!();
    expect((await more).done).toBe(true);
  });
});
