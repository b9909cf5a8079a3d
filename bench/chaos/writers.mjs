import { fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const program = path.join(import.meta.dirname, "writer.mjs");

/** The processes that log: started, killed and started again, drained, and what they are known to have had acknowledged. */
export class Writers {
  #processes = [];
  #acked = new Map();
  #refusals = new Map();
  #listeners = new Set();
  #isStopping = false;

  /**
   * `runs`: each process has one writer in each. The last process logs through @residual/client and is never killed itself (its package's own tests do
   * that): it has to get through the deaths of the others. The first ones speak plain GraphQL.
   */
  constructor({ origin, key, runs, folder, processes, seed, forgets = false }) {
    this.series = Array.from({ length: processes }, (_, process) =>
      runs.map((run, index) => ({
        run,
        index: process * runs.length + index,
        series: `writer/${process}.${index}`,
        journal: path.join(folder, `${process}.${index}.jsonl`),
      })),
    );
    this.options = { origin, key, seed, forgets };
    this.spool = path.join(folder, "spool");
    this.killable = processes - 1;
    for (let index = 0; index < processes; index++) this.#launch(index);
  }

  #launch(index) {
    const { length } = this.#processes;
    const options = {
      ...this.options,
      seed: this.options.seed + 7919 * (length + index),
      writers: this.series[index],
      ...(index === this.killable ? { spool: this.spool } : {}),
    };
    const child = fork(program, [JSON.stringify(options)]);
    const entry = { child, drained: undefined };
    this.#processes[index] = entry;
    child.on("message", (message) => {
      if (message.drained) entry.drained?.();
      else if (message.refused) this.#refusals.set(message.series, message.refused);
      else {
        this.#acked.set(message.series, message.acked);
        for (const listener of this.#listeners) listener({ ...message, pid: child.pid });
      }
    });
    child.once("exit", () => {
      if (!this.#isStopping) this.#launch(index);
    });
  }

  /** Kills the process with -9; the next one is started at once and its pid returned. */
  async kill(index) {
    const { child } = this.#processes[index];
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    return this.#processes[index].child.pid;
  }

  /** The last step of a series that is known to be acknowledged. */
  acked(series) {
    return this.#acked.get(series) ?? 0;
  }

  get refusals() {
    return [...this.#refusals].map(([series, message]) => `${series}: ${message}`);
  }

  /** Resolves with the time of the first acknowledgement that `matches`. */
  next(matches, limitMs) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        settle(value);
      };
      const listener = (message) => {
        if (matches(message)) end(resolve, Date.now());
      };
      const timer = setTimeout(end, limitMs, reject, new Error(`Nothing was acknowledged within ${limitMs / 1000} s.`));
      this.#listeners.add(listener);
    });
  }

  /** Resolves once everything that was logged is acknowledged, or the time is over: then the checker says what is missing. */
  async drain(limitMs) {
    await Promise.all(
      this.#processes.map(
        (entry) =>
          new Promise((resolve) => {
            const timer = setTimeout(resolve, limitMs);
            entry.drained = () => {
              clearTimeout(timer);
              resolve();
            };
            entry.child.send("drain");
          }),
      ),
    );
  }

  go() {
    for (const { child } of this.#processes) child.send("go");
  }

  /** By the journals: the last step that was logged and the last that was acknowledged, of each series. */
  journals() {
    return this.series.flat().map(({ run, series, journal }) => {
      const lines = existsSync(journal) ? readFileSync(journal, "utf8").split("\n").filter(Boolean) : [];
      const entries = lines.map((line) => JSON.parse(line));
      return {
        run,
        series,
        logged: entries.at(-1)?.to ?? 0,
        acked: entries.findLast((entry) => entry.acked)?.to ?? 0,
      };
    });
  }

  async stop() {
    this.#isStopping = true;
    await Promise.all(
      this.#processes.map(({ child }) => {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        return gone;
      }),
    );
  }
}
