// Logs one metric a call, a millisecond apart, and says when the last call has returned; the parent then kills this process.
import { setTimeout as pause } from "node:timers/promises";
import { openRun } from "@residual/client";

const [access, calls] = process.argv.slice(2).map((argument) => JSON.parse(argument));
const logger = openRun(access);
for (let step = 0; step < calls; step++) {
  await pause(1);
  logger.log({ "train/loss": 1 / (step + 1) }, step);
}
process.send("returned");
setInterval(() => {}, 1_000);
