// Claim: the first chart of a run with 100,000 points takes the server at most 50 ms, however the points were logged.
// Baseline in the same run: the viewer query, which costs the HTTP round trip, authentication and GraphQL, and nothing else.
import { ask, createKey, startServer } from "./server.mjs";
import { createRun, openExperiment, summary } from "./system.mjs";

const points = 100_000;
const repeats = 30;
const system = await startServer();
try {
  // With a key, as scripts log.
  const key = { authorization: `Bearer ${await createKey(system)}` };
  const { experiment } = await openExperiment(system);
  const ways = [
    { name: "1,000 steps a frame", stepsAFrame: 1_000 },
    { name: "1 step a frame", stepsAFrame: 1 },
  ];
  for (const way of ways) {
    way.run = await createRun(system, experiment, way.name);
    await fill(way, key);
  }
  await time("viewer (baseline)", () => system.ask("{ viewer { id } }"));
  for (const way of ways) {
    await time(`chart of ${points} points, ${way.name}`, () =>
      system.ask(
        `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["train/loss"], maxPoints: 1000) { count exact step value min max } }`,
        { runs: [way.run] },
      ),
    );
  }
} finally {
  await system.close();
}

async function fill({ run, stepsAFrame }, key) {
  // Several writers that share the steps out among them, as one request a step from one writer would only measure the round trip.
  const writers = stepsAFrame === 1 ? 32 : 1;
  const frames = points / stepsAFrame / writers;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let index = 0; index < frames; index++) {
        const first = (index * writers + writer) * stepsAFrame;
        const steps = Array.from({ length: stepsAFrame }, (_, offset) => first + offset);
        const values = {
          "train/loss": steps.map((step) => Math.fround(2.3 * Math.exp(-step / 2e4) + 0.05 * Math.random())),
        };
        await ask(system.origin, key, "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }", {
          input: { run, writer: `writer-${writer}`, seq: index + 1, frame: { steps, values } },
        });
      }
    }),
  );
}

async function time(name, ask) {
  for (let warm = 0; warm < 3; warm++) await ask();
  const times = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  console.log(`${name}: ${summary(times)}`);
}
