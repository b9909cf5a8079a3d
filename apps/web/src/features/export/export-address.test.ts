import { expect, it } from "vitest";
import { exportAddress } from "@/features/export/export-address";

it("names the runs that were chosen, or the experiment they are all of", () => {
  expect(exportAddress("series", "parquet", { runs: ["run_a", "run_b"] })).toBe(
    "/export/series.parquet?run=run_a,run_b",
  );
  expect(exportAddress("runs", "csv", { experiment: "exp_a" })).toBe("/export/runs.csv?experiment=exp_a");
});
