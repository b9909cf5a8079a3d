import { float64ColumnToBase64 } from "@residual/shared";
import { Client, fetchExchange } from "urql";
import { expect, it } from "vitest";
import { graphqlSource } from "./graphql-source";

type Asked = { runs: string[]; have: string[] };

/** A client whose API has one series a run, with the etag `of <run>` until it changes. */
function clientOf(asked: Asked[], changed: ReadonlySet<string>): Client {
  const answer = ({ runs, have }: Asked) =>
    runs.map((run) => {
      const etag = changed.has(run) ? `newer of ${run}` : `of ${run}`;
      const unchanged = have.includes(etag);
      const column = unchanged ? "" : float64ColumnToBase64(Float64Array.of(1, changed.has(run) ? 3 : 2));
      const columns = { step: column, time: column, value: column, min: null, max: null };
      return { run, key: "loss", count: 2, exact: true, etag: unchanged ? null : etag, unchanged, ...columns };
    });
  const fetch = async (_: unknown, init?: RequestInit) => {
    const { variables } = JSON.parse(init!.body as string);
    asked.push(variables);
    return Response.json({ data: { metricSeries: answer(variables) } });
  };
  return new Client({ url: "http://api.test/graphql", exchanges: [fetchExchange], fetch, preferGetMethod: false });
}

it("a history that is asked for again names what is there, and what did not change is drawn from that", async () => {
  const asked: Asked[] = [];
  const changed = new Set<string>();
  const source = graphqlSource(clientOf(asked, changed));
  const request = { runs: ["a", "b"], keys: ["loss"], maxPoints: 100 };
  const first = await source.history(request);
  expect(asked[0]!.have).toEqual([]);
  expect(await source.history(request)).toEqual(first);
  expect(asked[1]!.have).toEqual(["of a", "of b"]);
  changed.add("b");
  const [a, b] = await source.history(request);
  expect(a).toEqual(first[0]);
  expect([...b!.columns.values]).toEqual([1, 3]);
  expect(await source.history(request)).toEqual([a, b]);
  expect(asked[3]!.have).toEqual(["of a", "newer of b"]);
});
