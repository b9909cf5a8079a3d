import "reflect-metadata";
import { validateTrainingConfig } from "@residual/shared";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstStart } from "./first-start.js";
import { Run } from "./modules/run/run.entity.js";
import { openTestDatabase, type TestDatabase } from "./test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test("an empty database gets the scan, then the four candidates, however many processes start at once; later starts change nothing", async () => {
  const start = () => firstStart(database.pool, "/datasets/fashion-mnist", () => {});
  await Promise.all([start(), start(), start()]);
  await start();
  const { rows } = await database.pool.query(
    "SELECT kind, architecture FROM job LEFT JOIN run ON run.id = job.run_id ORDER BY job.priority DESC, job.id",
  );
  expect(rows.map(({ kind, architecture }) => architecture ?? kind)).toEqual([
    ...["SCAN_DATASET", "resnet18", "resnet50", "resnet101", "vit_base_patch16_224"],
  ]);
  for (const run of await database.db.getRepository(Run).find()) {
    expect(validateTrainingConfig(run.config as never), run.name).toEqual([]);
  }
});

test("with --empty there is a project and nothing else", async () => {
  const empty = await openTestDatabase();
  await firstStart(empty.pool, undefined, () => {});
  const { rows } = await empty.pool.query("SELECT slug, (SELECT count(*) FROM run) AS runs FROM project");
  expect(rows).toEqual([{ slug: "main", runs: 0 }]);
  await empty.close();
});
