import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { processTree } from "../server.mjs";
import { mixedKeys, spikeValue } from "./data.mjs";

const chartRepeats = 9;

/**
 * All figures of one system in one pass, in milliseconds, microseconds, bytes and points a second. A figure that fails is `{ reason }`: the others go on.
 * `side`: a driver (start, logRun, chart …). `say` hears what is measured next.
 */
export async function measure(side, data, size, say) {
  const figures = {};
  const take = async (name, work) => {
    say(name);
    try {
      Object.assign(figures, await work());
    } catch (error) {
      figures[name] = { reason: error.message.split("\n")[0].slice(0, 160) };
    }
  };
  const { startMs, pid, version } = await side.start();
  Object.assign(figures, { startMs, version });
  await pause(1_000);
  figures.idleMegabytes = memory(pid);
  const empty = await side.storedBytes();
  await take("longRate", async () => {
    const { loggedMs, readableMs } = await side.logRun("long", data.long, ["train/loss"]);
    return { longRate: rate(size.longPoints, readableMs), longLoggedRate: rate(size.longPoints, loggedMs) };
  });
  await take("chartMs", async () => {
    const times = [];
    let values = [];
    for (let repeat = -2; repeat < chartRepeats; repeat++) {
      const chart = await side.chart("long", "train/loss");
      if (repeat >= 0) times.push(chart.ms);
      values = chart.values;
    }
    const seen = new Set(values.filter((value) => value >= spikeValue));
    return { chartMs: median(times), spikes: seen.size };
  });
  say("noisyBytes");
  const withLong = await side.storedBytes();
  figures.noisyBytes = (withLong - empty) / size.longPoints;
  const mixedPoints = size.mixedRuns * size.mixedSteps * mixedKeys.length;
  await take("mixedRate", async () => {
    const startedAt = performance.now();
    for (const [index, file] of data.mixed.entries())
      await side.logRun(`mixed-${index}`, file, mixedKeys, index === data.mixed.length - 1);
    return { mixedRate: rate(mixedPoints, performance.now() - startedAt) };
  });
  say("mixedBytes");
  figures.mixedBytes = ((await side.storedBytes()) - withLong) / mixedPoints;
  await take("compareMs", async () => {
    const names = data.many.map((_, index) => `many-${index}`);
    for (const [index, file] of data.many.entries())
      await side.logRun(names[index], file, ["val/loss"], index === names.length - 1);
    const times = [];
    for (let repeat = -1; repeat < 3; repeat++) {
      const { ms } = await side.compare(names, "val/loss");
      if (repeat >= 0) times.push(ms);
    }
    return { compareMs: median(times) };
  });
  await take("listMs", async () => {
    const times = [];
    for (let repeat = -2; repeat < chartRepeats; repeat++) {
      const { ms } = await side.listRuns();
      if (repeat >= 0) times.push(ms);
    }
    return { listMs: median(times) };
  });
  await take("liveMs", async () => {
    const delays = await side.live(size.live);
    return { liveMs: median(delays), liveMs99: quantile(delays, 0.99) };
  });
  await take("logMicros", async () => {
    const times = await side.logCost(size.calls, mixedKeys);
    return { logMicros: median(times), logMicros99: quantile(times, 0.99) };
  });
  figures.loadedMegabytes = memory(pid);
  await take("lost", async () => side.lostToKill(2_000));
  return figures;
}

const rate = (points, ms) => (1_000 * points) / ms;

export const median = (values) => quantile(values, 0.5);

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Megabytes of a process and all below it; pages that they share are counted once (Linux). */
function memory(pid) {
  let kilobytes = 0;
  for (const each of processTree(pid)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes / 1_024;
}
