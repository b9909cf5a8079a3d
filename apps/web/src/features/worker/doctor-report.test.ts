import type { DoctorReport } from "@residual/shared";
import { expect, it } from "vitest";
import { readDoctorReport, speedGroups } from "./doctor-report";

const step = { architecture: "resnet18", imageSize: 64, batchSize: 32 };
const report: DoctorReport = {
  examinedAt: "2026-01-01T00:00:00Z",
  host: "h",
  version: "1",
  healthy: false,
  checks: [{ subject: "DISK", ok: false, finding: "1 GB is free.", advice: "Free some." }],
  executors: [
    {
      ...{ name: "tensorflow", available: true, chosen: true, detail: "2.16", precisions: ["fp32"] },
      steps: [{ ...step, imagesPerSecond: 120 }],
    },
    {
      ...{ name: "wasm", available: true, chosen: false, detail: "", precisions: ["fp32"] },
      steps: [
        { ...step, imagesPerSecond: 30 },
        { ...step, architecture: "vit_tiny_patch16_224", imagesPerSecond: null, problem: "out of memory" },
      ],
    },
  ],
};

it("reads a report, and nothing from what is none", () => {
  expect(readDoctorReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
  const other = { ...report, checks: [{ subject: "HOROSCOPE", ok: true, finding: "" }] };
  for (const none of [null, "x", [], {}, other, { ...report, executors: [{}] }])
    expect(readDoctorReport(none)).toBeNull();
});

it("sets executors side by side on each network, by the fastest; one that failed has no bar", () => {
  expect(
    speedGroups(report).map(({ architecture, bars }) => [architecture, ...bars.map(({ share }) => share)]),
  ).toEqual([
    ["resnet18", 1, 0.25],
    ["vit_tiny_patch16_224", 0],
  ]);
});
