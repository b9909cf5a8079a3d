import { Bell, endable } from "./bell.js";

/**
 * Notices as a subscription: of notices with the same key only the last one waits, so that a subscriber that stalls holds at most one entry
 * for each thing that changed. `listen` starts listening and returns what ends it.
 */
export function followChanges<T>(
  listen: (onChange: (key: string, notice: T) => void) => () => void,
): AsyncIterableIterator<T> {
  const bell = new Bell();
  const waiting = new Map<string, T>();
  const stop = listen((key, notice) => {
    waiting.set(key, notice);
    bell.ring();
  });
  return endable(bell, takeChanges(bell, waiting), stop);
}

async function* takeChanges<T>(bell: Bell, waiting: Map<string, T>): AsyncGenerator<T, void> {
  while (!bell.closed) {
    const [first] = waiting;
    if (!first) {
      await bell.rung();
      continue;
    }
    waiting.delete(first[0]);
    yield first[1];
  }
}
