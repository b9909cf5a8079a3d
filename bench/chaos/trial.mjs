import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ask, createKey, startServer } from "../server.mjs";
import { createRun, openExperiment } from "../system.mjs";
import { checkStored } from "./check.mjs";
import { Killer } from "./kill.mjs";
import { Follower, Reader } from "./readers.mjs";
import { randomFrom } from "./values.mjs";
import { Writers } from "./writers.mjs";

const drainLimitMs = 60_000;

/**
 * One system under load that is killed `kills` times, in turn by each of `kinds`, at random moments; after each kill everything is drained and checked.
 * `control` breaks one safety: { preload, forgets, resumes }. `isOver(result)` may end a trial early. Returns recovery times and what was found.
 */
export async function trial({ kills, kinds, seed, control = {}, isOver = () => false, onKill = () => {} }) {
  const random = randomFrom(seed);
  const server = await startServer({ preload: control.preload ? [control.preload] : [] });
  const folder = mkdtempSync(path.join(tmpdir(), "residual-chaos-"));
  const parts = [];
  const result = { recoveries: [], points: 0, resent: 0, reads: 0, connections: 0, seconds: 0, violations: [] };
  const startedAt = performance.now();
  try {
    const { key, runs } = await openRuns(server, 2);
    const writers = new Writers({ ...server, key, runs, folder, processes: 4, seed, forgets: control.forgets });
    parts.push(writers);
    await writers.next(() => true, 60_000);
    const reader = new Reader(server.ask, writers);
    const follower = new Follower({ ...server, key, runs, resumes: control.resumes });
    parts.push(reader, follower);
    const askWithKey = (query, variables) => ask(server.origin, { authorization: `Bearer ${key}` }, query, variables);
    const killer = new Killer(server, writers, random);
    const verified = new Map();
    for (let index = 0; index < kills; index++) {
      const kind = kinds[index % kinds.length];
      await pause(100 + random() * 800);
      const recoveryMs = await killer.kill(kind).catch((error) => {
        result.violations.push(`after killing ${kind}: ${error.message}`);
        return Number.POSITIVE_INFINITY;
      });
      await pause(random() * 300);
      await writers.drain(control.preload ? 5_000 : drainLimitMs);
      const journals = writers.journals();
      await server.ready();
      const counts = await checkStored(askWithKey, journals, verified);
      if (!control.preload) await follower.reached(journals, 30_000);
      result.recoveries.push({ kind, recoveryMs, ...counts });
      result.points = journals.reduce((sum, { acked }) => sum + acked, 0);
      result.reads = reader.reads;
      result.connections = follower.connections;
      const { resent, ...faults } = counts;
      result.resent = resent;
      for (const [what, count] of Object.entries(faults).filter(([, found]) => found > 0))
        result.violations.push(`after killing ${kind}: ${count} points ${what}`);
      result.violations.push(...reader.violations.splice(0), ...follower.violations.splice(0));
      onKill(result.recoveries.at(-1), result);
      if (isOver(result)) break;
      writers.go();
    }
    result.violations.push(...writers.refusals.map((refusal) => `refused: ${refusal}`));
    result.seconds = (performance.now() - startedAt) / 1000;
    return result;
  } catch (error) {
    error.message += `\nThe API's log ends with:\n${server.apiLog()}`;
    throw error;
  } finally {
    for (const part of parts.reverse()) await part.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openRuns(server, count) {
  const { experiment } = await openExperiment(server);
  const runs = [];
  for (let index = 0; index < count; index++) runs.push(await createRun(server, experiment, `run ${index}`));
  return { key: await createKey(server), runs };
}
