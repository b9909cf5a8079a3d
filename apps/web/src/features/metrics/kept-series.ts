import type { SeriesPart } from "./series-buffer";
import type { HistoryRequest } from "./series-store";

/** Of the columns of all series together: some six pages of a thousand runs. */
const defaultMostBytes = 16 * 1024 * 1024;

interface KeptPart {
  etag: string;
  part: SeriesPart;
}

/**
 * Series as the API answered them last, the most lately asked for, up to a bound in bytes: a chart that is looked at again says which it has, and
 * what did not change does not come again.
 */
export class KeptSeries {
  private readonly kept = new Map<string, KeptPart>();
  private bytes = 0;

  constructor(private readonly mostBytes = defaultMostBytes) {}

  /** What is kept of a request. */
  of(request: HistoryRequest): KeptPart[] {
    const found: KeptPart[] = [];
    for (const run of request.runs)
      for (const key of request.keys) {
        const id = identify(request, run, key);
        const kept = this.kept.get(id);
        if (!kept) continue;
        found.push(kept);
        this.kept.delete(id);
        this.kept.set(id, kept);
      }
    return found;
  }

  keep(request: HistoryRequest, etag: string, part: SeriesPart): void {
    const id = identify(request, part.run, part.key);
    this.drop(id);
    this.kept.set(id, { etag, part });
    this.bytes += bytesOf(part);
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.mostBytes) return;
      this.drop(oldest);
    }
  }

  private drop(id: string): void {
    const kept = this.kept.get(id);
    if (!kept) return;
    this.kept.delete(id);
    this.bytes -= bytesOf(kept.part);
  }
}

function identify({ from, to, maxPoints }: HistoryRequest, run: string, key: string): string {
  return `${from ?? ""} ${to ?? ""} ${maxPoints} ${run} ${key}`;
}

function bytesOf({ columns }: SeriesPart): number {
  let bytes = 0;
  for (const column of Object.values(columns) as (Float64Array | undefined)[]) bytes += column?.byteLength ?? 0;
  return bytes;
}
