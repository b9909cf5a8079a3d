import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "./api-client.js";
import { heartbeat } from "./operations.js";
import { UnrulyApi } from "./unruly-api.fixture.js";

const variables = { input: { job: "job_1", leaseGeneration: 1, progress: null } };
let api: UnrulyApi;
beforeEach(async () => {
  api = new UnrulyApi();
  await api.start();
});
afterEach(() => api.stop());

describe("ApiClient", () => {
  it("repeats a request until it is answered: connections that break, and an API that is starting", async () => {
    const moods = ["drop", "unavailable", "drop-answer", "none"] as const;
    let request = 0;
    api.mischief = () => moods[request++]!;
    const answer = await api.client().request(heartbeat, variables);
    expect(answer.heartbeat.request).toBe("CONTINUE");
    expect(request).toBe(4);
    expect(api.inputsOf("Heartbeat")).toHaveLength(2);
  });

  it("does not repeat what the API refuses, and says why in its words", async () => {
    api.fencedBelow = 2;
    const refused = api.client().request(heartbeat, variables);
    await expect(refused).rejects.toThrow(ApiError);
    await expect(refused).rejects.toMatchObject({
      code: "FENCED",
      isFenced: true,
      message: "another worker holds the job",
    });
  });

  it("says so when something else than the API answers", async () => {
    api.mischief = () => "not-the-api";
    await expect(api.client().request(heartbeat, variables)).rejects.toThrow(/HTTP 404.*Check API_URL/);
  });

  it("gives up when it is aborted, with the reason, also between attempts", async () => {
    await api.stop();
    const controller = new AbortController();
    const pending = api.client().request(heartbeat, variables, controller.signal);
    setImmediate(() => controller.abort(new Error("cancelled")));
    await expect(pending).rejects.toThrow("cancelled");
    await expect(api.client().request(heartbeat, variables, controller.signal)).rejects.toThrow("cancelled");
  });
});
