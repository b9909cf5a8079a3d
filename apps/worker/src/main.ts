import { readDoctorSettings, readEnv } from "./env.js";
import { createLog } from "./log.js";
import { help, type Options, readOptions } from "./options.js";
import { stepFarBack } from "./processes/step-back.js";
import { listenForShutdown } from "./shutdown.js";
import { type Slot, takeSlots } from "./slots.js";
import { workSlot } from "./work-slot.js";

const exitCodes = { ended: 0, "shut down": 0, crashed: 1, "no job": 3 } as const;

/** Works until told to shut down, or once. Returns the exit code. */
async function work({ once }: Extract<Options, { command: "work" }>): Promise<number> {
  const write = (text: string) => process.stdout.write(text);
  const log = createLog(write);
  const shutdown = listenForShutdown((why) => log.info("shutting down", { why }));
  let slots: readonly Slot[] = [];
  let code = 0;
  try {
    const env = readEnv(process.env);
    slots = await takeSlots(env, process.env, once !== null, log);
    const ends = await Promise.all(slots.map((slot) => workSlot(slot, { env, log, shutdown, once, write })));
    code = exitCodes[ends[0]!];
  } catch (error) {
    if (!shutdown.begun.aborted) {
      log.warn("the worker cannot go on", { reason: error instanceof Error ? error.message : String(error) });
      return 1;
    }
  } finally {
    for (const slot of slots) slot.release();
  }
  log.info("ended");
  return code;
}

/** Examines the machine and says what was found. Returns the exit code. */
async function doctor({ json }: Extract<Options, { command: "doctor" }>): Promise<number> {
  // Started by a worker, it is to disturb nobody.
  if (process.send) {
    stepFarBack();
    process.on("disconnect", () => process.exit(1));
  }
  const [{ examine }, { printReport }] = await Promise.all([
    // Only here: it loads the decoder of images.
    import("./doctor/examine.js"),
    import("./doctor/print-report.js"),
  ]);
  const report = await examine(readDoctorSettings(process.env), process.env);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report));
  return report.healthy ? 0 : 1;
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  switch (options.command) {
    case "help":
      process.stdout.write(help);
      return 0;
    case "doctor":
      return doctor(options);
    case "work":
      return work(options);
  }
}

process.exit(await main());
