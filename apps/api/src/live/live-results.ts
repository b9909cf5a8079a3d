import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from "graphql";
import type { Context } from "../context.js";
import { sharedResult } from "./shared-results.js";

export type LiveArgs = ExecutionArgs & {
  contextValue: Context;
  freshContext: () => Context;
  isUniform: boolean;
  /** Resolves when the socket may take more. */
  room: () => Promise<void>;
};

/**
 * The results of a subscription. Each event is executed with loaders of its own (what an earlier event has read may have changed since), and
 * is taken from its source only when the socket has room for it: what a subscriber does not read stays where it is.
 */
export async function liveResults(args: LiveArgs): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const done = { done: true as const, value: undefined };
  const run = (event: unknown) => execute({ ...args, rootValue: event, contextValue: args.freshContext() });
  // No generator: its return() would wait for the next event before it ended the source.
  const results: AsyncIterableIterator<ExecutionResult> & { [Symbol.asyncDispose](): Promise<void> } = {
    async next() {
      await args.room();
      const event = await events.next();
      if (event.done) return done;
      const value = args.isUniform
        ? await sharedResult(event.value, args.document, () => run(event.value))
        : await run(event.value);
      return { done: false, value };
    },
    async return() {
      await events.return?.();
      return done;
    },
    async throw(error: unknown) {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return results;
    },
    async [Symbol.asyncDispose]() {
      await events.return?.();
    },
  };
  return results;
}
