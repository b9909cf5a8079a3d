import { spawn } from "node:child_process";

/** Trains once in a process of its own, which prints one line of JSON: `{ device, test, val, seconds }`. */
export async function run(command, args, seed) {
  const child = spawn(command, [...args, String(seed)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) output += chunk;
  const code = child.exitCode ?? (await new Promise((resolve) => child.once("close", resolve)));
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  const result = JSON.parse(output.trim().split("\n").at(-1));
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  console.log(
    `seed ${seed}: ${result.device}: test ${percent(result.test)}, val ${percent(result.val)}, best after epoch ${result.bestEpoch}, ${result.seconds.toFixed(0)} s`,
  );
  return result;
}

/** Prints mean and spread of the test accuracies, and returns the mean. */
export function report(name, results, { quietly = false } = {}) {
  const accuracies = results.map(({ test }) => test);
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, accuracies.length - 1));
  if (!quietly)
    console.log(`${name}: ${(100 * mean).toFixed(2)} % ± ${(100 * deviation).toFixed(2)} over ${results.length} seeds`);
  return mean;
}
