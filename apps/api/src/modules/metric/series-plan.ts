import { allocatePoints, concatPoints, orderPoints, type Points, selectPoints } from "./points.js";
import type { ChunkRange } from "./read-chunks.js";
import type { ChunkSpan, LoosePart, RunToRead, SeriesParts, Takeover } from "./read-parts.js";
import type { SeriesRequest } from "./read-series.js";
import { summaryStretches, withPoints } from "./stretches.js";
import type { Summary } from "./summary.js";
import { pointStretches, type SeriesColumns, type Stretches, thinSeries } from "./thin-series.js";

/** What a chart of a series is made of besides the points behind its chunks. */
export type Cover = "points" | "summaries" | "pyramid";

type Assembled = SeriesColumns & { count: number; exact: boolean };

/** A summarised stretch of chunks `fromNo` to `toNo` − 1. `decode`: its points are needed, because some of them are not shown, or may not be. */
type Stretch = { generation: number; fromNo: number; toNo: number; summary: Summary; decode: boolean };

type Decoded = { generation: number; points: Points };

/** Chunks whose points alone tell what is shown are decoded up to here (some 0.3 s); beyond, their summaries are taken as they are. */
const MOST_TO_DECODE = 4_000_000;

/** One series of one run while it is being read: what is stored of it, what is shown of that, and what has been fetched so far. */
export class SeriesPlan {
  cover: Cover = "points";
  /** No fewer than are shown. */
  readonly mostPoints: number;
  private readonly spans: ChunkSpan[];
  private readonly loose: LoosePart[];
  private readonly lastSteps: Map<number, number>;
  private readonly from: number;
  private readonly to: number;
  private readonly upTo: number;
  private readonly stretches: Stretch[] = [];
  private readonly decoded: Decoded[] = [];
  private looseShown: Points | null = null;

  constructor(
    readonly run: RunToRead,
    readonly key: string,
    takeovers: Takeover[],
    { spans, loose }: SeriesParts,
    private readonly request: SeriesRequest,
  ) {
    this.from = request.from ?? 0;
    this.to = request.to ?? Number.POSITIVE_INFINITY;
    this.upTo = run.upTo ?? Number.POSITIVE_INFINITY;
    const attempt = request.attempt ?? Number.POSITIVE_INFINITY;
    const known = takeovers.filter(({ generation, arrival }) => generation <= attempt && arrival <= this.upTo);
    const generations = new Set([...spans, ...loose].map(({ generation }) => generation));
    this.lastSteps = new Map(
      [...generations].map((generation) => {
        const later = request.keepAll ? [] : known.filter((takeover) => takeover.generation > generation);
        return [generation, Math.min(this.to, ...later.map(({ step }) => step))];
      }),
    );
    this.spans = spans.filter(
      ({ generation, firstStep, lastStep }) =>
        generation <= attempt && lastStep >= this.from && firstStep <= this.lastSteps.get(generation)!,
    );
    this.loose = loose
      .filter(({ generation }) => generation <= attempt)
      .sort((a, b) => a.generation - b.generation || a.arrival - b.arrival);
    this.mostPoints = [...this.spans, ...this.loose].reduce((sum, { points }) => sum + points, 0);
  }

  /** Whether the pyramids can stand for all full chunks. */
  get hasPyramid(): boolean {
    const { spans } = this;
    return spans.length > 0 && spans.every((span) => span.pyramid && this.showsAll(span)) && this.isApart();
  }

  /** The chunks in question of each generation, restricted to the steps that are shown. */
  ranges(): { span: ChunkSpan; range: ChunkRange }[] {
    return this.spans.map((span) => {
      const { generation, chunks } = span;
      const ends = { firstStep: this.from, lastStep: this.lastSteps.get(generation)! };
      const name = { runId: this.run.id, key: this.key, generation };
      return { span, range: { ...name, fromNo: 0, toNo: chunks, ...ends, withData: true } };
    });
  }

  addSummary(generation: number, fromNo: number, toNo: number, summary: Summary): void {
    const last = this.lastSteps.get(generation)!;
    // A rollup's chunks are not all in the range that was asked for.
    if (summary.lastStep < this.from || summary.firstStep > last || summary.firstArrival > this.upTo) return;
    this.stretches.push({
      generation,
      fromNo,
      toNo,
      summary,
      decode: !summary.ascending || !this.showsAll({ generation, ...summary }),
    });
  }

  addPoints(generation: number, points: Points): void {
    this.decoded.push({ generation, points });
  }

  /** Chunks whose points are needed now that the summaries are known. Call it once. */
  rangesToDecode(): ChunkRange[] {
    if (this.cover === "points") return this.ranges().map(({ range }) => range);
    if (this.cover === "pyramid") return [];
    this.markOverlaps();
    const inRange = this.stretches.reduce((sum, { summary }) => sum + summary.points, 0);
    const { maxPoints } = this.request;
    if (this.stretches.length < maxPoints! / 2 || inRange <= maxPoints!)
      for (const stretch of this.stretches) stretch.decode = true;
    const wanted = this.stretches.filter(({ decode }) => decode);
    if (wanted.reduce((sum, { summary }) => sum + summary.points, 0) > Math.max(MOST_TO_DECODE, 10 * maxPoints!)) {
      for (const stretch of this.stretches) stretch.decode = false;
      return [];
    }
    const ranges: ChunkRange[] = [];
    for (const { generation, fromNo, toNo } of wanted) {
      const open = ranges.at(-1);
      if (open && open.generation === generation && open.toNo === fromNo) open.toNo = toNo;
      else {
        const ends = { firstStep: 0, lastStep: Number.POSITIVE_INFINITY };
        ranges.push({ runId: this.run.id, key: this.key, generation, fromNo, toNo, ...ends, withData: true });
      }
    }
    return ranges;
  }

  /** The chart, once everything is there; null where no point is shown. */
  assemble(maxPoints: number | null): Assembled | null {
    const points = this.shownPoints();
    if (this.cover === "pyramid") {
      const count = this.spans.reduce((sum, span) => sum + span.points, points.steps.length);
      return { ...thinSeries(withPoints(this.buckets(), points), maxPoints!), count, exact: false };
    }
    const summaries = this.stretches.filter(({ decode }) => !decode).map(({ summary }) => summary);
    if (summaries.length === 0) return fromPoints(points, maxPoints);
    const count = summaries.reduce((sum, { points: some }) => sum + some, points.steps.length);
    const stretches = summaryStretches(summaries.sort((a, b) => a.firstStep - b.firstStep));
    return { ...thinSeries(withPoints([stretches], points), maxPoints!), count, exact: false };
  }

  private buckets(): Stretches[] {
    return this.spans.toSorted((a, b) => a.firstStep - b.firstStep).map(({ pyramid }) => pyramid!());
  }

  /** Whether all of these points are shown, as far as steps and arrivals tell. */
  private showsAll(stretch: { generation: number; firstStep: number; lastStep: number; lastArrival: number }): boolean {
    const { generation, firstStep, lastStep, lastArrival } = stretch;
    return firstStep >= this.from && lastStep <= this.lastSteps.get(generation)! && lastArrival <= this.upTo;
  }

  /** Whether no point behind the chunks, and no other generation, may have replaced one in them. */
  private isApart(): boolean {
    const spans = this.spans.toSorted((a, b) => a.firstStep - b.firstStep);
    if (spans.some((span, i) => i > 0 && span.firstStep <= spans[i - 1]!.lastStep)) return false;
    const { steps } = this.loosePoints();
    if (steps.length === 0 || steps[0]! > spans.at(-1)!.lastStep) return true;
    return steps.every((step) => spans.every(({ firstStep, lastStep }) => step < firstStep || step > lastStep));
  }

  /** Stretches that share steps with each other, or with points behind the chunks, have to be decoded: one may replace points of the other. */
  private markOverlaps(): void {
    const { steps } = this.loosePoints();
    let open: Stretch | null = null;
    let at = 0;
    for (const stretch of this.stretches.toSorted((a, b) => a.summary.firstStep - b.summary.firstStep)) {
      const { firstStep, lastStep } = stretch.summary;
      if (open && firstStep <= open.summary.lastStep) {
        open.decode = true;
        stretch.decode = true;
      }
      while (at < steps.length && steps[at]! < firstStep) at++;
      if (at < steps.length && steps[at]! <= lastStep) stretch.decode = true;
      if (!open || lastStep > open.summary.lastStep) open = stretch;
    }
  }

  /** Points behind the chunks, as far as they are shown, by ascending step. */
  private loosePoints(): Points {
    this.looseShown ??= this.ordered(this.looseParts());
    return this.looseShown;
  }

  /** Every decoded point that is shown, by ascending step. */
  private shownPoints(): Points {
    if (this.decoded.length === 0) return this.loosePoints();
    // Arrivals of an older generation end before those of the next begin; within one, chunks come before the tail and that before frames.
    const parts = [...this.decoded, ...this.looseParts()].map((part, i) => ({ ...part, i }));
    return this.ordered(parts.sort((a, b) => a.generation - b.generation || a.i - b.i));
  }

  private looseParts(): Decoded[] {
    return this.loose.map(({ generation, decode }) => ({ generation, points: decode() }));
  }

  private ordered(parts: Decoded[]): Points {
    const shown = parts.map(({ generation, points }) => this.shownOf(generation, points));
    return shown.length === 0 ? allocatePoints(0) : orderPoints(concatPoints(shown), this.request.keepAll);
  }

  private shownOf(generation: number, points: Points): Points {
    const { from, upTo } = this;
    const last = this.lastSteps.get(generation)!;
    // Most charts show everything: then no point needs to be looked at here.
    if (from === 0 && last === Number.POSITIVE_INFINITY && upTo === Number.POSITIVE_INFINITY) return points;
    const { steps, arrivals } = points;
    const kept: number[] = [];
    for (let i = 0; i < steps.length; i++)
      if (steps[i]! >= from && steps[i]! <= last && arrivals[i]! <= upTo) kept.push(i);
    return kept.length === steps.length ? points : selectPoints(points, kept);
  }
}

function fromPoints({ steps, times, values }: Points, maxPoints: number | null): Assembled | null {
  const count = steps.length;
  if (count === 0) return null;
  if (maxPoints === null || count <= maxPoints)
    return { steps, times, values, min: null, max: null, count, exact: true };
  return { ...thinSeries([pointStretches(steps, times, values)], maxPoints), count, exact: false };
}
