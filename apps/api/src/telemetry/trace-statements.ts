import pg from "pg";

type Query = (...args: unknown[]) => unknown;

/**
 * Calls `begin` with the text of every statement that any client of this process sends, and what it returns when the statement has ended.
 * Returns what undoes it. Streams of rows (COPY, cursors) are left alone: they have no moment at which they end.
 */
export function traceStatements(begin: (text: string) => ((error: unknown) => void) | null): () => void {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const text = typeof args[0] === "string" ? args[0] : (args[0] as { text?: unknown } | null)?.text;
    const isStream = typeof (args[0] as { submit?: unknown } | null)?.submit === "function";
    const end = typeof text === "string" && !isStream ? begin(text) : null;
    if (!end) return query.apply(this, args);
    const last = args.at(-1);
    if (typeof last === "function") {
      const answer = (error: unknown, ...rest: unknown[]) => {
        end(error);
        return (last as Query)(error, ...rest);
      };
      return query.apply(this, [...args.slice(0, -1), answer]);
    }
    const result = query.apply(this, args) as Promise<unknown>;
    result.then(() => end(null), end);
    return result;
  };
  return () => {
    prototype.query = query;
  };
}
