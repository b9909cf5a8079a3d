/**
 * Runs one step and shows that it is alive: a counting line on a terminal, a line every ten seconds elsewhere,
 * nothing at all for steps that take less than a second.
 */
export async function step(label, work) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const terminal = process.stdout.isTTY === true;
  let shown = false;
  let detail = "";
  const show = () => {
    const line = `  … ${label}${detail ? ` (${detail})` : ""}, ${seconds()} s`;
    if (terminal) process.stdout.write(`\r\x1b[2K${line.slice(0, process.stdout.columns ?? 120)}`);
    else console.log(line);
    shown = true;
  };
  const timer = setInterval(show, terminal ? 1_000 : 10_000);
  try {
    const result = await work((text) => {
      detail = text;
    });
    clearInterval(timer);
    if (terminal && shown) process.stdout.write("\r\x1b[2K");
    if (performance.now() - started > 1_000) console.log(`  ✔ ${label}, ${seconds()} s`);
    return result;
  } catch (error) {
    clearInterval(timer);
    if (terminal && shown) process.stdout.write("\r\x1b[2K");
    console.log(`  ✘ ${label} failed after ${seconds()} s`);
    throw error;
  }
}

/** A step that failed in a way that the user can read; anything else is a bug and keeps its stack. */
export class StartError extends Error {}
