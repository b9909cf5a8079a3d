import pg from "pg";

const architectures = [
  "resnet18",
  "resnet34",
  "resnet50",
  "resnet101",
  "resnet152",
  "vit_tiny_patch16_224",
  "vit_base_patch16_224",
];

/** The settings of a run: their paths, and SQL over the columns r1 … r5 (0 … 1, independent) and n (which run). */
const settings = {
  "config.optimizer.name": `(ARRAY['ADAMW','SGD','LAMB','RMSPROP'])[1 + (r4 * 4)::int % 4]`,
  "config.optimizer.learningRate": "10 ^ (-6 + 5 * r2)",
  "config.batchSize": "8 * (1 + (r3 * 32)::int)",
  "config.epochs": "1 + (r4 * 200)::int",
  "config.dropout": "round(r5::numeric, 3)::float8",
  "config.weightDecay": "10 ^ (-6 + 4 * r4)",
  "config.augmentation": `(ARRAY['NONE','BASIC','STANDARD','STRONG'])[1 + (r1 * 4)::int % 4]`,
  "config.imageSize": "32 * (1 + (r1 * 14)::int)",
  "config.warmup": "r2 / 5",
  "config.host": "'node-' || (n % 700)",
};

/** The summaries of a run: direction and SQL of the value. A seventh of the runs has no val metrics. */
const metrics = {
  "train/loss": [-1, "3 * r1"],
  "train/accuracy": [1, "r2"],
  "val/loss": [-1, "3 * r3"],
  "val/accuracy": [1, "r4"],
  "val/f1": [1, "r5"],
  "val/recall": [1, "r1 * r2"],
  "val/precision": [1, "r2 * r3"],
  lr: [0, "r4"],
  gradient_norm: [0, "10 * r5"],
  images_per_second: [0, "1000 * r3"],
};

/**
 * Fills project `p1` with `runs` runs and 19 others with a hundredth of that each: 10 settings and 10 summaries a run. A database that is filled
 * already is left as it is. Returns the bytes of the tables.
 */
export async function seedRuns(databaseUrl, runs) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const run = (sql) => client.query(sql);
  try {
    const { rowCount: isFilled } = await run("SELECT FROM project WHERE slug = 'p1'");
    if (!isFilled) await fill(run, runs);
    const { rows } = await run(
      "SELECT sum(pg_total_relation_size(t))::float8 AS bytes FROM unnest('{run,run_param,metric_series}'::regclass[]) t",
    );
    return rows[0].bytes;
  } finally {
    await client.end();
  }
}

async function fill(run, runs) {
  await run("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'");
  // Indexes are made once, at the end, as they were.
  const { rows: indexes } = await run(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid IN ('run'::regclass, 'run_param'::regclass, 'metric_series'::regclass) AND NOT i.indisunique`,
  );
  for (const { name } of indexes) await run(`DROP INDEX ${name}`);
  await run(
    "INSERT INTO project (id, slug, name) SELECT 'prj_' || i, 'p' || i, 'P' || i FROM generate_series(1, 20) i",
  );
  await run(`INSERT INTO experiment (id, dist_key, project_id, name, question, selection_metric)
    SELECT 'exp_' || p.dist_key || '_' || e, p.dist_key, p.id, 'Experiment ' || e, '', 'val/accuracy' FROM project p, generate_series(1, 20) e WHERE p.slug ~ '^p[0-9]+$'`);
  await run(`CREATE UNLOGGED TABLE bench_seed AS
    SELECT p.dist_key, p.id AS project_id, n, timestamptz '2026-01-01' + n * interval '20 s' AS created_at,
      'run_' || lpad(to_hex((extract(epoch FROM timestamptz '2026-01-01') * 1000 + n::bigint * 20000)::bigint), 12, '0') || '7' || left(md5(n || p.id), 19) AS id,
      random() r1, random() r2, random() r3, random() r4, random() r5
    FROM project p, generate_series(1, ${runs}) n WHERE p.slug = 'p1' OR (p.slug ~ '^p[0-9]+$' AND n <= ${runs} / 100)`);
  await run(`INSERT INTO run (dist_key, id, project_id, experiment_id, name, status, architecture, config, tags, seed, origin, created_at, started_at, finished_at)
    SELECT dist_key, id, project_id, 'exp_' || dist_key || '_' || (1 + (r5 * 20)::int % 20),
      (ARRAY['warm','cold','sweep','long','short','baseline','ablation','retry'])[1 + (r2 * 8)::int % 8] || ' ' || n || CASE WHEN n % 5000 = 17 THEN ' zebra' ELSE '' END,
      CASE WHEN r1 < 0.0005 THEN 'RUNNING' WHEN r1 < 0.001 THEN 'QUEUED' WHEN r1 < 0.05 THEN 'FAILED' WHEN r1 < 0.1 THEN 'STOPPED' ELSE 'FINISHED' END,
      ('{${architectures}}'::text[])[1 + (r3 * ${architectures.length})::int % ${architectures.length}],
      jsonb_build_object('optimizer', jsonb_build_object('name', ${settings["config.optimizer.name"]}, 'learningRate', ${settings["config.optimizer.learningRate"]}),
        ${Object.entries(settings)
          .slice(2)
          .map(([path, sql]) => `'${path.replace("config.", "")}', ${sql}`)
          .join(", ")}),
      CASE WHEN n % 10000 = 3 THEN ARRAY['gold'] WHEN n % 50 = 7 THEN ARRAY['baseline'] WHEN n % 3 = 0 THEN ARRAY['sweep', 'auto'] ELSE '{}' END,
      (r1 * 5)::int, 'LOGGED', created_at, created_at, created_at + r4 * interval '5 h' FROM bench_seed`);
  const isText = (sql) => sql.includes("'");
  await run(`INSERT INTO run_param (dist_key, run_id, path, number, text) SELECT dist_key, id, v.* FROM bench_seed, LATERAL (VALUES
    ${Object.entries(settings)
      .map(([path, sql]) => `('${path}', ${isText(sql) ? `NULL::float8, ${sql}` : `${sql}, NULL`})`)
      .join(", ")}) v`);
  await run(`INSERT INTO metric_series (dist_key, run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, stale)
    SELECT dist_key, id, key, 1000, 1, 1000, v, v, v, direction, CASE WHEN direction <> 0 THEN v END, 500, 1, false FROM bench_seed, LATERAL (VALUES
    ${Object.entries(metrics)
      .map(([key, [direction, sql]]) => `('${key}', ${direction}, ${sql})`)
      .join(", ")}) m(key, direction, v)
    WHERE n % 7 <> 0 OR key NOT LIKE 'val/%'`);
  await run("DROP TABLE bench_seed");
  for (const { definition } of indexes) await run(definition);
  for (const table of ["run", "run_param", "metric_series"]) await run(`VACUUM ANALYZE ${table}`);
}
