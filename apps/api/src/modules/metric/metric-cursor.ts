import { badInput } from "../../errors.js";

/** Where a subscriber stands: the last arrival that it has of each run. */
export type Positions = Map<string, number>;

/** The cursor of a subscriber that wants every point from the first on. */
const FROM_THE_START = "0";

// The random end of a UUIDv7 tells the runs of one subscription apart.
const TAIL = 12;

export function encodeCursor(positions: Positions): string {
  return [...positions].map(([runId, arrival]) => `${runId.slice(-TAIL)}.${arrival.toString(36)}`).join("~");
}

/**
 * The positions that a cursor holds for the runs asked for. A run that it does not know is not in the result: it is followed from now on.
 * Throws BAD_INPUT for text that is no cursor.
 */
export function decodeCursor(cursor: string, runIds: string[]): Positions {
  if (cursor === FROM_THE_START) return new Map(runIds.map((id) => [id, 0]));
  const byTail = new Map<string, number>();
  for (const entry of cursor.split("~")) {
    const match = /^([0-9a-f]{12})\.([0-9a-z]{1,11})$/.exec(entry);
    const arrival = match ? Number.parseInt(match[2]!, 36) : Number.NaN;
    if (!Number.isSafeInteger(arrival))
      throw badInput(
        "after",
        "after is no cursor of this subscription. Pass the cursor of the last update that you have seen.",
      );
    byTail.set(match![1]!, arrival);
  }
  const known = runIds.filter((id) => byTail.has(id.slice(-TAIL)));
  return new Map(known.map((id) => [id, byTail.get(id.slice(-TAIL))!]));
}
