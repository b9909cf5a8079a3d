import { float64ColumnFromBase64 } from "@residual/shared";
import type { Client } from "urql";
import {
  MetricCursorDocument,
  MetricHistoryDocument,
  MetricUpdatesDocument,
  type SeriesColumnsFragment,
} from "@/gql/graphql";
import { noteCaughtUp, notePoints } from "@/lib/live-connection";
import { KeptSeries } from "./kept-series";
import type { SeriesPart } from "./series-buffer";
import type { MetricSource } from "./series-store";

/** Series from the API: history by query, what comes after it by subscription. */
export function graphqlSource(client: Client): MetricSource {
  const kept = new KeptSeries();
  return {
    async history(request) {
      const known = kept.of(request);
      const variables = { ...request, have: known.map(({ etag }) => etag) };
      // Columns live in typed arrays; urql's cache would keep their text a second time.
      const result = await client
        .query(MetricHistoryDocument, variables, { requestPolicy: "network-only" })
        .toPromise();
      if (result.error) throw result.error;
      const byName = new Map(known.map(({ part }) => [`${part.run}\n${part.key}`, part]));
      return (result.data?.metricSeries ?? []).map((series) => {
        if (series.unchanged) return byName.get(`${series.run}\n${series.key}`)!;
        const part = decodeSeries(series);
        if (series.etag) kept.keep(request, series.etag, part);
        return part;
      });
    },
    async standing(runs, after) {
      const result = await client
        .query(MetricCursorDocument, { runs, after }, { requestPolicy: "network-only" })
        .toPromise();
      if (result.error) throw result.error;
      return result.data!.metricCursor;
    },
    follow({ runs, keys, after, maxPoints }, deliver) {
      const variables = { runs, keys, after, maxPoints };
      const subscription = client.subscription(MetricUpdatesDocument, variables).subscribe((result) => {
        const update = result.data?.metricUpdates;
        if (!update) return;
        // The socket sends these variables again when it reconnects: from here, not from where the page began.
        variables.after = update.cursor;
        notePoints();
        if (update.behindSince !== null) noteCaughtUp(Date.parse(update.behindSince));
        deliver({ ...update, series: update.series.map(decodeSeries) });
      });
      return () => subscription.unsubscribe();
    },
  };
}

/** The wire's base64 columns as typed arrays. */
function decodeSeries(series: SeriesColumnsFragment): SeriesPart {
  return {
    run: series.run,
    key: series.key,
    count: series.count,
    exact: series.exact,
    columns: {
      steps: float64ColumnFromBase64(series.step),
      times: float64ColumnFromBase64(series.time),
      values: float64ColumnFromBase64(series.value),
      min: series.min === null ? undefined : float64ColumnFromBase64(series.min),
      max: series.max === null ? undefined : float64ColumnFromBase64(series.max),
    },
  };
}
