import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { columnText } from "../../scalars/columns.js";
import type { Series } from "./metric.type.js";
import { etagOfSeries } from "./series-etag.js";

const writers = {
  __typename: () => '"Series"',
  run: ({ run }) => JSON.stringify(run),
  key: ({ key }) => JSON.stringify(key),
  count: ({ count }) => String(count),
  exact: ({ exact }) => String(exact),
  unchanged: ({ unchanged }) => String(unchanged),
  etag: (series) => JSON.stringify(etagOfSeries(series)),
  step: ({ step }) => columnJson(step),
  time: ({ time }) => columnJson(time),
  value: ({ value }) => columnJson(value),
  min: ({ min }) => columnJson(min),
  max: ({ max }) => columnJson(max),
} satisfies Record<string, (series: Series) => string>;

/** A field as the answer calls it. */
export type SeriesField = { responseName: string; name: keyof typeof writers };

const pieceLength = 64 * 1024;

/**
 * The fields that a selection asks of Series, in order; null where it asks for what is not written here (points, or a directive), or for two things
 * by one name.
 */
export function seriesFields(
  selections: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SeriesField[] | null {
  const found = new Map<string, SeriesField>();
  const collect = ({ selections: all }: SelectionSetNode): boolean =>
    all.every((selection) => {
      if (selection.directives?.length) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return collect(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return fragment !== undefined && !fragment.directives?.length && collect(fragment.selectionSet);
      }
      const name = selection.name.value;
      const responseName = selection.alias?.value ?? name;
      if (!isWritten(name) || (found.get(responseName)?.name ?? name) !== name) return false;
      found.set(responseName, { responseName, name });
      return true;
    });
  return collect(selections) ? [...found.values()] : null;
}

/** The JSON of a list of series, in pieces: their columns are text for as long as it takes to send them. */
export function* seriesJson(series: readonly Series[], fields: readonly SeriesField[]): Generator<string> {
  const named = fields.map(({ responseName, name }) => ({
    head: `${JSON.stringify(responseName)}:`,
    write: writers[name],
  }));
  let piece = "[";
  for (const [i, one] of series.entries()) {
    piece += i === 0 ? "{" : ",{";
    for (const [at, { head, write }] of named.entries()) piece += (at === 0 ? head : `,${head}`) + write(one);
    piece += "}";
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}]`;
}

function isWritten(name: string): name is keyof typeof writers {
  return Object.hasOwn(writers, name);
}

/** Base64 needs no escapes. */
function columnJson(column: Float64Array | null): string {
  return column === null ? "null" : `"${columnText(column)}"`;
}
