import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { column, readSteps } from "./check.mjs";

/**
 * Reads again and again while everything is being killed. Every answer must be whole: no step missing below the last one, and nothing missing that
 * was acknowledged before the question. What is wrong lands in `violations`; an answer that does not come is no violation.
 */
export class Reader {
  violations = [];
  reads = 0;
  #isStopping = false;

  constructor(ask, writers) {
    this.done = this.#read(ask, writers);
  }

  async #read(ask, writers) {
    const known = new Map();
    while (!this.#isStopping) {
      for (const { run, series } of writers.series.flat()) {
        const acked = writers.acked(series);
        const from = Math.max(1, (known.get(series) ?? 0) - 200);
        let steps;
        try {
          ({ steps } = await readSteps(ask, run, series, from, from + 9_999));
        } catch {
          await pause(20);
          continue;
        }
        this.reads++;
        const hole = steps.findIndex((step, index) => step !== from + index);
        if (hole >= 0) this.violations.push(`${series}: a read saw step ${steps[hole]} where ${from + hole} belongs`);
        const last = steps.at(-1) ?? from - 1;
        if (last < acked)
          this.violations.push(`${series}: a read ended at step ${last}, but ${acked} was acknowledged`);
        known.set(series, Math.max(last, known.get(series) ?? 0));
      }
      await pause(25);
    }
  }

  async stop() {
    this.#isStopping = true;
    await this.done;
  }
}

/**
 * Follows all runs over one subscription from the first point on and connects again whenever it ends, at the cursor it had. All updates together
 * must hold each step once, in order. `resumes: false` (a control) connects again without the cursor.
 */
export class Follower {
  violations = [];
  connections = 0;
  #last = new Map();
  #cursor = "0";
  #isStopping = false;
  #client;

  constructor({ origin, key, runs, resumes = true }) {
    this.done = this.#follow({ origin, key, runs, resumes });
  }

  async #follow({ origin, key, runs, resumes }) {
    while (!this.#isStopping) {
      this.#client = createClient({
        url: `${origin.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
        lazy: true,
      });
      try {
        const updates = this.#client.iterate({
          query: `subscription($runs: [ID!]!, $after: String) {
            metricUpdates(runs: $runs, after: $after) { cursor series { key exact step } }
          }`,
          variables: { runs, after: this.#cursor },
        });
        let isFirst = true;
        for await (const { data } of updates) {
          if (!data) break;
          if (isFirst) this.connections++;
          isFirst = false;
          for (const { key: series, step } of data.metricUpdates.series) this.#take(series, column(step));
          this.#cursor = data.metricUpdates.cursor;
        }
      } catch {
        // Cut: connects again.
      }
      await this.#client.dispose();
      if (!resumes) this.#cursor = null;
      await pause(20);
    }
  }

  #take(series, steps) {
    let last = this.#last.get(series) ?? 0;
    for (const step of steps) {
      if (step !== last + 1) this.violations.push(`${series}: an update went from step ${last} to ${step}`);
      last = step;
    }
    this.#last.set(series, last);
  }

  /** Resolves once it has seen everything, or after the limit: then what it lacks is a violation. */
  async reached(journals, limitMs) {
    const deadline = Date.now() + limitMs;
    const lacking = () => journals.filter(({ series, acked }) => (this.#last.get(series) ?? 0) < acked);
    while (lacking().length > 0 && Date.now() < deadline) await pause(10);
    for (const { series, acked } of lacking())
      this.violations.push(`${series}: the subscription stands at ${this.#last.get(series) ?? 0} of ${acked}`);
  }

  async stop() {
    this.#isStopping = true;
    await this.#client?.dispose();
    await this.done;
  }
}
