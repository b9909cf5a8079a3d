import type { DoctorReport } from "@residual/shared";

/** The report for a terminal: a line for each check, what to do below, then the executors. */
export function printReport({ checks, executors, healthy }: DoctorReport): string {
  const lines = checks.flatMap(({ ok, finding, advice }) => [
    `${ok ? "✓" : "✗"} ${finding.text}`,
    ...(advice ? [`    → ${advice.text}`] : []),
  ]);
  lines.push("");
  for (const { name, available, chosen, detail, precisions, steps } of executors) {
    if (!available) {
      lines.push(`  ${name.padEnd(10)} not available: ${detail}`);
      continue;
    }
    lines.push(`${chosen ? "▸" : " "} ${name.padEnd(10)} ${detail}; ${precisions.join(", ")}`);
    for (const { architecture, imageSize, batchSize, imagesPerSecond, problem } of steps) {
      const speed = imagesPerSecond === null ? problem : `${imagesPerSecond} images/s`;
      lines.push(`${" ".repeat(13)}${architecture} at ${imageSize} px, batch ${batchSize}: ${speed}`);
    }
  }
  lines.push("", healthy ? "This machine can train." : "Something is missing: see the lines with ✗.");
  return `${lines.join("\n")}\n`;
}
