import { type MetricSummaryName, parseRunQuery, type QueriedRun, Random, type RunQuery } from "@residual/shared";
import fc from "fast-check";
import type { Pool } from "pg";
import { idBound } from "../../../ids.js";
import type { Seed } from "../../../test-seed.js";
import { insertRunParams } from "../run-params.js";

const words = ["warm", "Warm 100%", "cold_start", "'; DROP TABLE run; --", "ä", "Ä", "$1", "null", "5"];
const metricKeys = ["val/accuracy", "val/loss", "my metric"];
const statuses = ["QUEUED", "RUNNING", "FINISHED", "FAILED", "STOPPED"];
const architectures = ["resnet18", "resnet50", "vit_base_patch16_224"];
const start = Date.parse("2026-11-01T00:00:00Z");

type RandomRun = QueriedRun & { readonly summaries: Record<string, Record<MetricSummaryName, number | null>> };

/** Runs that have some of everything that a query can ask for: the same ones each time. */
export function randomRuns(count: number, { experiment, dataset }: Seed): RandomRun[] {
  const random = new Random(7);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random.next() * choices.length)]!;
  const maybe = <T>(value: () => T): T | null => (random.next() < 0.3 ? null : value());
  const number = () => pick([0, 1, -1, 0.5, 0.1, 1e-7, 3, 42]);
  return Array.from({ length: count }, (_, i) => {
    const startedAt = maybe(() => start + Math.floor(random.next() * 5 * 86_400) * 1_000);
    const createdAt = start + Math.floor(random.next() * 5 * 86_400_000);
    const summaries = Object.fromEntries(
      metricKeys
        .filter(() => random.next() < 0.6)
        .map((key) => [
          key,
          {
            best: maybe(number),
            last: pick([number(), Number.NaN, Number.POSITIVE_INFINITY]),
            min: maybe(number),
            max: maybe(number),
          },
        ]),
    );
    const scalar = () => pick<unknown>([number(), number(), pick(words), true, false, null, [1, "warm"], { b: 1 }]);
    return {
      id: `${idBound("run", createdAt)}7${i.toString(16).padStart(19, "0")}`,
      name: pick(words),
      status: pick(statuses),
      architecture: maybe(() => pick(architectures)),
      tags: words.filter(() => random.next() < 0.15),
      experiment: { id: experiment.id, name: "Which backbone?" },
      dataset: maybe(() => ({ id: dataset.id, name: "images" })),
      createdAt,
      startedAt,
      finishedAt: startedAt === null ? null : maybe(() => startedAt + Math.floor(random.next() * 7_200) * 500),
      speed: maybe(number),
      gap: maybe(number),
      lossGap: maybe(number),
      verdict: maybe(() => pick(["NONE", "OVERFITTING"])),
      seed: maybe(() => Math.floor(random.next() * 4)),
      group: maybe(() => pick(words)),
      origin: pick(["LOGGED", "TRAINED_HERE"]),
      notes: pick(["", ...words]),
      error: maybe(() => pick(words)),
      config: { a: scalar(), b: { c: scalar(), "my key": scalar() }, list: [scalar(), scalar()] },
      summaries,
      metric: (key, summary) => summaries[key]?.[summary] ?? null,
    };
  });
}

export async function insertQueriedRuns(
  pool: Pool,
  { project, experiment }: Seed,
  runs: readonly QueriedRun[],
): Promise<void> {
  const at = (moment: number | null) => (moment === null ? null : new Date(moment));
  for (const run of runs as readonly RandomRun[]) {
    await pool.query(
      `INSERT INTO run (dist_key, id, project_id, experiment_id, dataset_id, name, status, architecture, config, tags, notes, seed, "group", origin, error,
                        created_at, started_at, finished_at, measured_images_per_second, gap, loss_gap, gap_verdict)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
      [
        ...[
          project.distKey,
          run.id,
          project.id,
          experiment.id,
          run.dataset?.id ?? null,
          run.name,
          run.status,
          run.architecture,
        ],
        ...[JSON.stringify(run.config), run.tags, run.notes, run.seed, run.group, run.origin, run.error],
        ...[at(run.createdAt), at(run.startedAt), at(run.finishedAt), run.speed, run.gap, run.lossGap, run.verdict],
      ],
    );
    await insertRunParams(pool, project.distKey, run.id, run.config);
    for (const [key, { best, last, min, max }] of Object.entries(run.summaries))
      await pool.query(
        `INSERT INTO metric_series (dist_key, run_id, key, points, first_step, last_step, last, min, max, direction, best, arrival, stale)
         VALUES ($1, $2, $3, 1, 1, 1, $4, $5, $6, 1, $7, 1, false)`,
        [project.distKey, run.id, key, String(last), min, max, best],
      );
  }
}

const conditions = [
  ...[
    "name",
    "tag",
    "group",
    "notes",
    "error",
    "config.a",
    "config.b.c",
    'config.b."my key"',
    "config.list.0",
    "config.list.-1",
  ].flatMap((operand) => [
    ...words.flatMap((word) =>
      ["=", "!=", "~", "!~"].map((operator) => `${operand} ${operator} ${JSON.stringify(word)}`),
    ),
    `${operand} in ("warm", "ä")`,
    `${operand} not in ("5", null)`,
    `${operand} = null`,
    `${operand} != null`,
  ]),
  ...[
    "config.a",
    "config.b.c",
    "config.list.1",
    "config.nowhere.x",
    "seed",
    "speed",
    "gap",
    "lossGap",
    "val/accuracy@best",
    "val/loss@last",
    '"my metric"@min',
    "val/accuracy@max",
  ].flatMap((operand) => [
    ...["0", "1", "0.5", "1e-7", "-1"].flatMap((value) =>
      ["=", "!=", ">", ">=", "<", "<="].map((operator) => `${operand} ${operator} ${value}`),
    ),
    `${operand} in (1, 3, null)`,
    `${operand} not in (0.5, 0.1)`,
    `${operand} = null`,
    `${operand} != null`,
  ]),
  ...[
    "config.a = true",
    "config.b.c != false",
    "config.a in (true, 1, warm)",
    "config.b = null",
    "config.list != null",
    "config.b.b = 1",
  ],
  ...statuses.map((status) => `status = ${status}`),
  ...[
    "status in (RUNNING, FAILED)",
    "status !~ run",
    "architecture = null",
    "architecture ~ vit",
    "architecture not in (resnet18)",
    "origin = LOGGED",
    "verdict = OVERFITTING",
    "verdict in (NONE, MILD)",
    "verdict = null",
    "tag = null",
  ],
  ...[
    'experiment = "Which backbone?"',
    "experiment ~ back",
    "experiment != nothing",
    "dataset = images",
    "dataset = null",
    "dataset !~ mag",
  ],
  ...["createdAt", "startedAt", "finishedAt"].flatMap((field) =>
    ["2026-11-03", "2026-11-03T12:00Z", "2026-11-02T06:00:00Z", "-4d"].flatMap((value) =>
      ["=", "!=", ">", ">=", "<", "<="].map((operator) => `${field} ${operator} ${value}`),
    ),
  ),
  ...[
    "duration > 30m",
    "duration <= 600.5s",
    "duration = null",
    "duration < 5d",
    "not duration > 1h",
    "id = run_00000000000000000000000000000003",
    "id ~ 0f",
  ],
];

/** Queries that ask for what such runs have. */
export function runQueries(): fc.Arbitrary<RunQuery> {
  const leaf = fc.constantFrom(...conditions).map((text) => {
    const { query, problem } = parseRunQuery(text);
    if (!query) throw new Error(`${text}: ${problem?.message.text}`);
    return query;
  });
  return fc.letrec<{ query: RunQuery }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf,
      tie("query").map((term) => ({ kind: "not" as const, term })),
      fc
        .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("query"), { minLength: 2, maxLength: 3 }))
        .map(([kind, terms]) => ({ kind, terms })),
    ),
  })).query;
}
