import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";

/**
 * vitest's setupFile: writes down every statement that the API sends while tests run, once each, with the source file that sent it. What a
 * test sends itself is left out. They are judged when the run ends (test-database.setup.ts).
 */
const file = join(inject("statements"), `${process.pid}.ndjson`);
const seen = new Set<string>();

function record(query: unknown): void {
  const text = typeof query === "string" ? query : (query as { text?: unknown } | null)?.text;
  if (typeof text !== "string" || seen.has(text)) return;
  seen.add(text);
  const sources = [...(new Error().stack ?? "").matchAll(/apps\/api\/src\/([\w./-]+\.ts)/g)].map(([, path]) => path!);
  const own = sources.filter((path) => !path.startsWith("distribution/record-statements"));
  const [from] = own;
  if (from && /\.(test|fixture|setup)\.ts$|^test-/.test(from)) return;
  appendFileSync(file, `${JSON.stringify({ text, from: from ?? "(unknown)" })}\n`);
}

for (const { prototype } of [pg.Client, pg.Pool] as { prototype: { query: (...args: unknown[]) => unknown } }[]) {
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    record(args[0]);
    return query.apply(this, args);
  };
}
