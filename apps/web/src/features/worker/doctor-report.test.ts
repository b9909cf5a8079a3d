import { type DoctorReport, sayDoctor } from "@residual/shared";
import { expect, it } from "vitest";
import { readDoctorReport, speedGroups } from "./doctor-report";

const step = { architecture: "resnet18", imageSize: 64, batchSize: 32 };
const report: DoctorReport = {
  examinedAt: "2026-01-01T00:00:00Z",
  host: "h",
  version: "1",
  healthy: false,
  checks: [
    {
      subject: "DISK",
      ok: false,
      finding: sayDoctor("doctor.disk.speed", { folder: "/data", free: 1, speed: 90 }),
      advice: sayDoctor("doctor.disk.full", {}),
    },
  ],
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
  const { finding } = report.checks[0]!;
  const other = { ...report, checks: [{ subject: "HOROSCOPE", ok: true, finding }] };
  const older = { ...report, checks: [{ subject: "DISK", ok: true, finding: finding.text }] };
  for (const none of [null, "x", [], {}, other, older, { ...report, executors: [{}] }])
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
