import type { ShareGrant } from "../../viewer.js";
import type { FeedUpdate } from "./metric-feed.js";

/** Updates without the series that an anonymous link does not show. Each is an object of its own: it must not be taken for what others are told. */
export function shownUpdates(
  updates: AsyncIterableIterator<FeedUpdate>,
  grant: ShareGrant,
): AsyncIterableIterator<FeedUpdate> {
  const shown = (result: IteratorResult<FeedUpdate>): IteratorResult<FeedUpdate> =>
    result.done
      ? result
      : {
          done: false,
          value: { ...result.value, series: result.value.series.filter(({ key }) => grant.showsKey(key)) },
        };
  return {
    next: async () => shown(await updates.next()),
    return: async () => shown(await updates.return!()),
    throw: async (error) => shown(await updates.throw!(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
