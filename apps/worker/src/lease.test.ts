import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Cancelled, Lease, LeaseLost } from "./lease.js";
import { UnrulyApi } from "./unruly-api.fixture.js";

let api: UnrulyApi;
let lease: Lease;
let request: string;
beforeEach(async () => {
  request = "CONTINUE";
  api = new UnrulyApi();
  api.handlers.set("Heartbeat", () => ({ request }));
  await api.start();
  lease = new Lease(api.client(), "job_1", 4, 0.04);
});
afterEach(async () => {
  await lease.release();
  await api.stop();
});

describe("Lease", () => {
  it("tells the job, the generation and the newest progress, again and again", async () => {
    const progress = { epoch: 1, epochs: 3, step: 7, steps: 9, imagesPerSecond: 5, secondsLeft: 2, phase: "training" };
    lease.progress = progress;
    await expect.poll(() => api.inputsOf("Heartbeat").at(-1)).toEqual({ job: "job_1", leaseGeneration: 4, progress });
    const before = api.inputsOf("Heartbeat").length;
    await expect.poll(() => api.inputsOf("Heartbeat").length).toBeGreaterThan(before + 3);
  });

  it("passes a request to stop on and goes on holding the job", async () => {
    expect(lease.request).toBe("continue");
    request = "STOP";
    await expect.poll(() => lease.request).toBe("stop");
    expect(lease.signal.aborted).toBe(false);
  });

  it("ends with Cancelled when the run is cancelled", async () => {
    request = "CANCEL";
    await expect.poll(() => lease.signal.reason).toBeInstanceOf(Cancelled);
  });

  it("ends with LeaseLost when another worker holds the job", async () => {
    api.fencedBelow = 5;
    await expect.poll(() => lease.signal.reason).toBeInstanceOf(LeaseLost);
  });

  it("outlives an API that is away", async () => {
    await api.stop();
    const before = api.inputsOf("Heartbeat").length;
    await api.start();
    await expect.poll(() => api.inputsOf("Heartbeat").length, { timeout: 10_000 }).toBeGreaterThan(before);
    expect(lease.signal.aborted).toBe(false);
  });

  it("sends nothing after its release", async () => {
    await lease.release();
    const after = api.inputsOf("Heartbeat").length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(api.inputsOf("Heartbeat")).toHaveLength(after);
  });
});
