import type { Value } from "../graph/graph.js";
import { elementCount, formatShape } from "../graph/shape.js";

/**
 * Checks the feeds of a run before anything is computed. Executors trust lengths (native ones crash on a short array), so this is
 * the one place where a wrong feed is found. Throws a TypeError that names the placeholder.
 */
export function checkFeeds(placeholders: ReadonlyMap<string, Value>, feeds: ReadonlyMap<string, Float32Array>): void {
  for (const [name, { shape }] of placeholders) {
    const data: unknown = feeds.get(name);
    const wanted = `placeholder ${name} needs a Float32Array of ${elementCount(shape)} elements for shape ${formatShape(shape)}`;
    if (data === undefined) throw new TypeError(`${wanted}; it was not fed`);
    if (!(data instanceof Float32Array)) throw new TypeError(`${wanted}, not ${Object.prototype.toString.call(data)}`);
    if (data.length !== elementCount(shape)) throw new TypeError(`${wanted}, not ${data.length}`);
  }
}
