import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const rowsOf = (document) =>
  readFileSync(path.join(root, document), "utf8")
    .split("\n")
    .map((line) => /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line))
    .filter((match) => match !== null)
    .map(([, number, name, held]) => ({ number: Number(number), name, held }));

describe.each([
  ["docs/security.md", 45],
  ["docs/reliability.md", 20],
])("%s", (document, count) => {
  const rows = rowsOf(document);

  it(`names all ${count} cases, in order`, () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it.each(rows.filter(({ held }) => !held.startsWith("none: ")))("says what holds case $number: $name", ({ held }) => {
    const [, file, test] = /^`(.+?)`: (.+)$/.exec(held) ?? [];
    // A name may go on with other words, and may be written over several lines.
    expect(readFileSync(path.join(root, file ?? "none"), "utf8")).toContain(test);
  });
});
