import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const rows = readFileSync(path.join(root, "docs/security.md"), "utf8")
  .split("\n")
  .map((line) => /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, number, name, held]) => ({ number: Number(number), name, held }));

describe("docs/security.md", () => {
  it("names all 45 abuse cases, in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 45 }, (_, i) => i + 1));
  });

  it.each(rows.filter(({ held }) => !held.startsWith("none: ")))("says what holds case $number: $name", ({ held }) => {
    const [, file, test] = /^`(.+?)`: (.+)$/.exec(held) ?? [];
    // A name may go on with other words, and may be written over several lines.
    expect(readFileSync(path.join(root, file ?? "none"), "utf8")).toContain(test);
  });
});
