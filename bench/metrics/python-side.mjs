import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const folder = import.meta.dirname;

/** A peer's driver in its own Python, spoken to by JSON lines. Everything but the protocol is printed into `log`. */
export class PythonSide {
  #waiting = [];
  #printed = "";

  constructor({ module, python, store, database }) {
    this.module = module;
    this.python = python;
    this.store = store;
    this.database = database;
    this.child = spawn(python, [path.join(folder, `${module}_peer.py`)], { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr.setEncoding("utf8").on("data", (chunk) => {
      this.#printed = (this.#printed + chunk).slice(-2_000);
    });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const { result, error } = JSON.parse(line);
      const { resolve, reject } = this.#waiting.shift();
      if (error === undefined) resolve(result);
      else reject(new Error(`${error}\n${this.#printed}`));
    });
    this.gone = new Promise((resolve) => this.child.once("exit", resolve));
    void this.gone.then(() => {
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`the driver of ${module} ended:\n${this.#printed}`));
    });
  }

  #call(name, args = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ do: name, with: args })}\n`);
    });
  }

  start() {
    return this.#call("start", { folder: this.store, ...(this.database ? { database: this.database } : {}) });
  }

  /** `wait`: until its server answers with the last point. */
  logRun(name, file, keys, wait = true) {
    return this.#call("log_run", { name, file, keys, wait });
  }

  logCost(calls, keys) {
    return this.#call("log_cost", { calls, keys });
  }

  chart(name, key) {
    return this.#call("chart", { name, key });
  }

  compare(names, key) {
    return this.#call("compare", { names, key });
  }

  listRuns() {
    return this.#call("list_runs");
  }

  live(repeats) {
    return this.#call("live", { repeats });
  }

  storedBytes() {
    return this.#call("stored_bytes");
  }

  /** A second process logs and is killed with -9 when its last call has returned. Returns how many of its calls' points cannot be read, and of how many. */
  async lostToKill(calls) {
    const args = JSON.stringify({ folder: this.store, calls, ...(await this.#call("kill_arguments")) });
    const program = `import json, sys; sys.path.insert(0, ${JSON.stringify(folder)}); import ${this.module}_peer; ${this.module}_peer.Peer().log_until_killed(**json.loads(sys.argv[1]))`;
    const child = spawn(this.python, ["-c", program, args], { stdio: ["ignore", "pipe", "ignore"] });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    let called = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const returned = /^returned (\d+)$/.exec(line);
      if (!returned) continue;
      called = Number(returned[1]);
      child.kill("SIGKILL");
      break;
    }
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return { called, lost: called - (await this.#call("stored_of_killed")) };
  }

  async stop() {
    await this.#call("stop").catch(() => {});
    this.child.stdin.end();
    const insist = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.gone;
    clearTimeout(insist);
  }
}
