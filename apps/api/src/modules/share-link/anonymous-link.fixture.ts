import type { Pool } from "pg";
import { newId } from "../../ids.js";
import { insertScannedDataset } from "../image/images.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

/** Of a person, their addresses, a machine, a worker, a dataset, folders and a git remote: none of it may be in what a stranger is told. */
export const canaries =
  /wilhelmina|quastenflosser|w\.quast|zweigstelle|rechner-zwoelf|schleppnetz|blumentopf|wquast|hofladen|quast-lab|geheim|tresor|10\.20\.30\.40/i;

const remote = "git@code.hofladen.example:quast-lab/geheim.git";

/** Names the canaries wherever something about a run can be written: two runs of an experiment, trained on a dataset, by a worker. */
export async function insertNamedRuns(pool: Pool, folder: { path: string; files: string[] }) {
  const runs = (await insertTestRuns(pool, 2)) as [TestRun, TestRun];
  const [{ projectId, experimentId, distKey }] = runs;
  const dataset = await insertScannedDataset(pool, runs, { folder: folder.path, files: folder.files });
  await pool.query("UPDATE dataset SET name = 'blumentopf', warnings = $2, error = $3 WHERE id = $1", [
    dataset.id,
    JSON.stringify([`${folder.path}/wquast.png cannot be read`]),
    "rechner-zwoelf lost /mnt/tresor",
  ]);
  await pool.query("INSERT INTO app_user (id, name, email) VALUES ($1, 'Wilhelmina Quastenflosser', $2)", [
    newId("usr"),
    `w.quast+${projectId}@post.zweigstelle.example`,
  ]);
  await pool.query("UPDATE experiment SET name = $2, question = $3 WHERE id = $1", [
    experimentId,
    "Quastenflosser on blumentopf",
    "Does Wilhelmina's net on rechner-zwoelf learn /mnt/tresor/bilder? Ask w.quast@post.zweigstelle.example",
  ]);
  const workerId = newId("wrk");
  await pool.query(
    `INSERT INTO worker (id, name, host, backend, device, gigaflops, memory_bytes, threads, version, executors)
     VALUES ($1, 'schleppnetz ' || $1, 'rechner-zwoelf', 'cpu', 'cpu of rechner-zwoelf', 1, 1, 1, '1', '[]')`,
    [workerId],
  );
  for (const [i, run] of runs.entries()) {
    await pool.query(
      `UPDATE run SET name = $2, tags = $3, notes = $4, error = $5, environment = $6, config = $7, initial_weights = $8, progress = $9,
         gap_pairs = $10, passport = $11, status = 'FINISHED' WHERE id = $1`,
      [
        run.id,
        `wilhelmina ${i} on rechner-zwoelf`,
        ["for Wilhelmina", "rechner-zwoelf", "kept"],
        `Wilhelmina: see ${remote}`,
        "ENOENT /mnt/tresor/x on rechner-zwoelf",
        JSON.stringify({
          host: "rechner-zwoelf",
          user: "wquast",
          cwd: "/home/wquast/src",
          git: { remote },
          argv: ["train.py", "--data", "/mnt/tresor"],
        }),
        JSON.stringify({
          learningRate: 0.1 * (i + 1),
          optimizer: "adamw",
          dataRoot: "/mnt/tresor/x",
          trainer: "Wilhelmina",
          output: `s3://tresor/${i}`,
          remote,
          command: "python train.py --host rechner-zwoelf",
          log: "\\\\rechner-zwoelf\\tresor",
          api: "http://10.20.30.40:8080/x",
          relative: ["../tresor/y", "data/tresor/z.txt"],
          nested: { "wquast/opts": 1, nodeName: "unknown-to-the-server", lr: 1 },
          initialWeights: "quast-lab/net",
          pretraining: "quast-lab/net",
        }),
        { source: "quast-lab/net", sha256: null, layout: "wquast", replaced: ["wquast.head"], resized: [] },
        { epoch: 1, epochs: 2, step: 1, steps: 2, phase: "copying /mnt/tresor/x" },
        {
          accuracy: { train: "rechner-zwoelf/train_acc", val: "rechner-zwoelf/val_acc" },
          loss: { train: "train/loss", val: "val/loss" },
        },
        { parameters: 1, macs: 1, imageSize: 32, classes: 2, checkpointBytes: 1, predictedMemoryBytes: 1 },
      ],
    );
    await pool.query(
      `INSERT INTO job (id, dist_key, project_id, run_id, dataset_id, kind, status, worker_id, lease_generation, priority, error)
       VALUES ($1, $2, $3, $4, $5, 'TRAIN_RUN', 'FAILED', $6, 1, 0, 'lost rechner-zwoelf')`,
      [newId("job"), distKey, projectId, run.id, dataset.id, workerId],
    );
    await pool.query(
      "INSERT INTO run_notice (dist_key, run_id, step, kind, message) VALUES ($1, $2, 7, 'DIVERGED', $3)",
      [distKey, run.id, JSON.stringify({ key: "x", text: "on rechner-zwoelf", values: { host: "rechner-zwoelf" } })],
    );
    await pool.query(
      `INSERT INTO checkpoint (dist_key, run_id, lease_generation, step, epoch, path, sha256, bytes) VALUES ($1, $2, 1, 1, 1, '/mnt/tresor/c', $3, 1)`,
      [distKey, run.id, "0".repeat(64)],
    );
  }
  return { runs, ...dataset };
}
