import { describe, expect, it, vi } from "vitest";
import type { SeriesPart } from "./series-buffer";
import {
  type FollowRequest,
  type HistoryRequest,
  type MetricDelivery,
  type MetricSource,
  SeriesStore,
} from "./series-store";

function part(run: string, key: string, steps: number[]): SeriesPart {
  const column = Float64Array.from(steps);
  return { run, key, count: steps.length, exact: true, columns: { steps: column, times: column, values: column } };
}

/** A source whose stored points the test decides, and whose subscription the test drives by hand. */
class ListedSource implements MetricSource {
  stored = new Map<string, number[]>();
  requests: HistoryRequest[] = [];
  follows: (FollowRequest & { open: boolean })[] = [];
  /** What the API says where the runs stand, after those positions that it was given. */
  stand = "now";
  deliver: (delivery: MetricDelivery) => void = () => {};
  refuses = false;

  async history(request: HistoryRequest): Promise<SeriesPart[]> {
    this.requests.push(request);
    if (this.refuses) throw new Error("no answer");
    return request.runs.flatMap((run) => request.keys.map((key) => part(run, key, this.stored.get(run + key) ?? [])));
  }

  async standing(_runs: string[], after: string | null): Promise<string> {
    if (this.refuses) throw new Error("no answer");
    return after ?? this.stand;
  }

  follow(request: FollowRequest, deliver: (delivery: MetricDelivery) => void): () => void {
    const follow = { ...request, open: true };
    this.follows.push(follow);
    this.deliver = deliver;
    return () => {
      follow.open = false;
    };
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const live = (run: string, steps: number[], cursor = "c1"): MetricDelivery => ({
  run,
  cursor,
  series: [part(run, "loss", steps)],
  replayed: false,
  supersededAfter: null,
});

describe("what several charts show is asked for once", () => {
  it("in one request and one subscription", async () => {
    const source = new ListedSource();
    const store = new SeriesStore(source);
    store.hold(["a", "b"], ["loss"]);
    store.hold(["a", "b"], ["loss", "accuracy"]);
    await settle();
    expect(source.requests).toHaveLength(1);
    expect(source.requests[0]).toMatchObject({ runs: ["a", "b"], keys: ["loss", "accuracy"] });
    expect(source.follows).toHaveLength(1);
  });

  it("and a chart that joins later follows on from the cursor, without a hole for the others", async () => {
    const source = new ListedSource();
    const store = new SeriesStore(source);
    store.hold(["a"], ["loss"]);
    await settle();
    source.deliver(live("a", [1], "c7"));
    await settle();
    store.hold(["b"], ["loss"]);
    await settle();
    expect(source.follows.map(({ runs, after, open }) => [runs, after, open])).toEqual([
      [["a"], "now", false],
      [["a", "b"], "c7", true],
    ]);
  });
});

it("a remount in the same task asks for nothing again; the last release ends the subscription and frees the points", async () => {
  const source = new ListedSource();
  const store = new SeriesStore(source);
  const release = store.hold(["a"], ["loss"]);
  await settle();
  release();
  const releaseAgain = store.hold(["a"], ["loss"]);
  await settle();
  expect(source.requests).toHaveLength(1);
  expect(source.follows[0]!.open).toBe(true);
  releaseAgain();
  releaseAgain();
  await settle();
  expect(source.follows[0]!.open).toBe(false);
  expect(store.buffer("a", "loss")).toBeNull();
});

describe("no point between history and subscription is lost", () => {
  it("because the subscription goes on from a cursor that was read before the history", async () => {
    const source = new ListedSource();
    const order: string[] = [];
    const { standing, history } = source;
    source.standing = (runs, after) => {
      order.push("cursor");
      return standing.call(source, runs, after);
    };
    source.history = (request) => {
      order.push("history");
      return history.call(source, request);
    };
    const store = new SeriesStore(source);
    source.stored.set("aloss", [1, 2]);
    store.hold(["a"], ["loss"]);
    await settle();
    expect(order).toEqual(["cursor", "history"]);
    expect(source.follows[0]).toMatchObject({ after: "now", open: true });
    // 2 and 3 lie after the cursor; 2 is in the history too.
    source.deliver(live("a", [2, 3]));
    expect(Array.from(store.buffer("a", "loss")!.steps)).toEqual([1, 2, 3]);
  });

  it("and the former subscription ends only when its successor stands", async () => {
    const source = new ListedSource();
    const store = new SeriesStore(source);
    store.hold(["a"], ["loss"]);
    await settle();
    let answer: (cursor: string) => void = () => {};
    source.standing = () => new Promise((resolve) => (answer = resolve));
    store.hold(["b"], ["loss"]);
    await settle();
    expect(source.follows.map(({ open }) => open)).toEqual([true]);
    answer("c2");
    await settle();
    expect(source.follows.map(({ open }) => open)).toEqual([false, true]);
  });

  it("and points that overtake the history stay", async () => {
    const source = new ListedSource();
    const store = new SeriesStore(source);
    source.stored.set("aloss", [1, 2]);
    let answer: (parts: SeriesPart[]) => void = () => {};
    source.history = () => new Promise((resolve) => (answer = resolve));
    store.hold(["a"], ["loss"]);
    await settle();
    source.deliver({ ...live("a", [2, 3]), replayed: true });
    answer([part("a", "loss", [1, 2])]);
    await settle();
    expect(Array.from(store.buffer("a", "loss")!.steps)).toEqual([1, 2, 3]);
  });
});

describe("after a broken connection", () => {
  it("it follows on from the last cursor, once however many charts ask", async () => {
    const source = new ListedSource();
    const store = new SeriesStore(source);
    store.hold(["a"], ["loss"]);
    await settle();
    source.deliver(live("a", [1], "c3"));
    await settle();
    store.resume();
    store.resume();
    await settle();
    expect(source.follows.map(({ after, open }) => [after, open])).toEqual([
      ["now", false],
      ["c3", true],
    ]);
  });
});

it("points that a later lease generation superseded disappear in the same change in which their successors come", async () => {
  const source = new ListedSource();
  const store = new SeriesStore(source);
  source.stored.set("aloss", [1, 2, 3, 4]);
  store.hold(["a"], ["loss"]);
  await settle();
  const seen: number[][] = [];
  store.subscribe(() => seen.push(Array.from(store.buffer("a", "loss")!.steps)));
  source.deliver({ ...live("a", [3]), supersededAfter: 2, replayed: true });
  expect(seen).toEqual([[1, 2, 3]]);
});

it("says when a history cannot be read, and reads it on retry", async () => {
  const source = new ListedSource();
  const store = new SeriesStore(source);
  source.refuses = true;
  store.hold(["a"], ["loss"]);
  await settle();
  expect(store.state("a", "loss")).toBe("failed");
  source.refuses = false;
  store.retry();
  await settle();
  expect(store.state("a", "loss")).toBe("ready");
});

it("folded rows of a burst are drawn at once, and read again as finely as the history has them when it is over", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const source = new ListedSource();
  const store = new SeriesStore(source);
  source.stored.set("aloss", [1]);
  store.hold(["a"], ["loss"]);
  await settle();
  expect(source.follows[0]!.maxPoints).toBe(1000);
  const folded = { ...part("a", "loss", [4, 8]), count: 7, exact: false };
  source.deliver({ ...live("a", []), series: [folded] });
  expect(Array.from(store.buffer("a", "loss")!.steps)).toEqual([1, 4, 8]);
  expect(store.buffer("a", "loss")!.count).toBe(8);
  source.stored.set("aloss", [1, 2, 3, 4, 5, 6, 7, 8]);
  vi.runAllTimers();
  vi.useRealTimers();
  await settle();
  expect(source.requests).toHaveLength(2);
  expect(Array.from(store.buffer("a", "loss")!.steps)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(store.buffer("a", "loss")!.exact).toBe(true);
});
