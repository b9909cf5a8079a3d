/**
 * Calls `work` for every item, at most `limit` at a time, and returns the results in the items' order. The first error ends it:
 * no further item is begun, and the error is thrown once those under way have settled, so that nothing runs on behind it.
 */
export async function mapConcurrently<Item, Result>(
  items: ArrayLike<Item>,
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = Array.from({ length: items.length });
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async () => {
    while (next < items.length && !failure) {
      const index = next++;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failure) throw failure.error;
  return results;
}
