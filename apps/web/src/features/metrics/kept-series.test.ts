import { describe, expect, it } from "vitest";
import { KeptSeries } from "./kept-series";
import type { SeriesPart } from "./series-buffer";

function part(run: string, rows: number): SeriesPart {
  const column = new Float64Array(rows);
  return { run, key: "loss", count: rows, exact: true, columns: { steps: column, times: column, values: column } };
}

const request = (runs: string[], more = {}) => ({ runs, keys: ["loss"], maxPoints: 100, ...more });
const etags = (kept: KeptSeries, ...asked: Parameters<typeof request>) =>
  kept.of(request(...asked)).map(({ etag }) => etag);

describe("series are kept for the same question", () => {
  it("and for no other range or width", () => {
    const kept = new KeptSeries();
    kept.keep(request(["a"]), "etag", part("a", 1));
    expect(etags(kept, ["a", "b"])).toEqual(["etag"]);
    expect(etags(kept, ["a"], { maxPoints: 64 })).toEqual([]);
    expect(etags(kept, ["a"], { from: 0, to: 9 })).toEqual([]);
  });

  it("within a bound in bytes, those that were asked for last", () => {
    const kept = new KeptSeries(3 * 24);
    for (const run of ["a", "b", "c"]) kept.keep(request([run]), run, part(run, 1));
    kept.of(request(["a"]));
    kept.keep(request(["d"]), "d", part("d", 1));
    expect(etags(kept, ["a", "b", "c", "d"])).toEqual(["a", "c", "d"]);
    kept.keep(request(["e"]), "e", part("e", 3));
    expect(etags(kept, ["a", "b", "c", "d", "e"])).toEqual(["e"]);
    kept.keep(request(["f"]), "f", part("f", 4));
    expect(etags(kept, ["e", "f"])).toEqual([]);
  });

  it("once: what comes again takes the place of what was there", () => {
    const kept = new KeptSeries(2 * 24);
    for (const etag of ["one", "two", "three"]) kept.keep(request(["a"]), etag, part("a", 1));
    kept.keep(request(["b"]), "b", part("b", 1));
    expect(etags(kept, ["a", "b"])).toEqual(["three", "b"]);
  });
});
