import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { processTree } from "../server.mjs";

export const kinds = ["api", "postmaster", "backend", "client"];

/** The product leaves a Postgres down that ended more than five times within a minute: something is wrong then that a restart does not cure. */
const postmasterKillsAMinute = 5;

/** Kills parts of a system with -9 and says when each answers writers again. */
export class Killer {
  #postmasterKills = [];

  constructor(server, writers, random) {
    this.server = server;
    this.writers = writers;
    this.random = random;
  }

  /** Resolves with milliseconds from the kill to the first acknowledgement of something sent after it. */
  async kill(kind) {
    if (kind === "postmaster") await this.#waitForTurn();
    const killedAt = Date.now();
    let isBack = ({ sentAt }) => sentAt >= killedAt;
    if (kind === "api") process.kill(this.server.apiPid(), "SIGKILL");
    else if (kind === "postmaster") process.kill(this.server.postgresPid(), "SIGKILL");
    else if (kind === "backend") process.kill(this.#backend(), "SIGKILL");
    else {
      const pid = await this.writers.kill(Math.floor(this.random() * this.writers.killable));
      isBack = (message) => message.pid === pid;
    }
    return (await this.writers.next(isBack, 60_000)) - killedAt;
  }

  async #waitForTurn() {
    this.#postmasterKills = this.#postmasterKills.filter((at) => Date.now() - at < 61_000);
    if (this.#postmasterKills.length === postmasterKillsAMinute)
      await pause(Math.max(0, this.#postmasterKills[0] + 61_000 - Date.now()));
    this.#postmasterKills.push(Date.now());
  }

  /** A process of Postgres that serves one of the API's connections. */
  #backend() {
    const serving = processTree(this.server.postgresPid()).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(" residual 127.0.0.1(");
      } catch {
        return false;
      }
    });
    if (serving.length === 0) throw new Error("Postgres serves no connection that could be killed.");
    return serving[Math.floor(this.random() * serving.length)];
  }
}
