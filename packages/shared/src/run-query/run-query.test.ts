import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseRunQuery, runQueryLimits } from "./parse-run-query.js";
import { printRunQuery } from "./print-run-query.js";
import { randomRunQuery } from "./random-run-query.fixture.js";

const query = (text: string) => {
  const { query, problem } = parseRunQuery(text);
  expect(problem, text).toBeNull();
  return query;
};
const problem = (text: string, metricKeys?: string[]) => parseRunQuery(text, { metricKeys }).problem!;

test("every query prints to a text that reads back as the same query", () => {
  fc.assert(
    fc.property(randomRunQuery(), (made) => {
      const text = printRunQuery(made);
      expect(parseRunQuery(text)).toEqual({ query: made, problem: null });
    }),
    { numRuns: 1_000 },
  );
});

test("no text makes the parser throw, hang, or point outside of the text", () => {
  const piece = fc.constantFrom(
    ...'()",=!<>~@.-% \\'.split(""),
    "and",
    "or",
    "not",
    "in",
    "status",
    "config.",
    "x/y@best",
    "1e-3",
    '"a b"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(" ")),
      ),
      (text) => {
        const { problem } = parseRunQuery(text);
        if (!problem) return;
        expect(problem.offset).toBeGreaterThanOrEqual(0);
        expect(problem.offset + problem.length).toBeLessThanOrEqual(text.length + 1);
        expect(problem.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  "architecture in (resnet101, resnet50) and val/accuracy@best > 0.9 and tag = baseline",
  "not (status = FAILED or status = STOPPED)",
  'name ~ warm and name !~ "second try"',
  'config.optimizer.learningRate < 0.001 and config."my key".x = "3"',
  "val/accuracy@best = null or val/loss@last != null",
  "createdAt > 2026-11-01 and createdAt < 2026-11-02T09:30Z and startedAt > -7d",
  "duration > 2h or duration <= 90s",
  "seed not in (1, 2, null)",
  '"my metric"@min < 1e-7 and a/b-c_d.e@max >= -2',
  "not not tag = x",
])("a canonical text prints as it is: %s", (text) => {
  expect(printRunQuery(query(text))).toBe(text);
});

test.each([
  ["", ""],
  ["  STATUS=running  ", "status = RUNNING"],
  ["(status = RUNNING and (tag == a and tag=b))", "status = RUNNING and tag = a and tag = b"],
  ["status = RUNNING OR tag = a AND tag = b", "status = RUNNING or tag = a and tag = b"],
  ["params.lr > 90%", "config.lr > 0.9"],
  ["created > 2026-11-01T10:00+02:00", "createdAt > 2026-11-01T08:00Z"],
  ["duration > 1h30m", "duration > 90m"],
  ["tags = a", "tag = a"],
  ['config.x = true or config.x = "true"', 'config.x = true or config.x = "true"'],
])("reads what people type: %s", (typed, canonical) => {
  expect(printRunQuery(query(typed))).toBe(canonical);
});

describe("a mistake is underlined where it is, with what was meant", () => {
  it.each([
    ["architeture = resnet50", 0, 11, "architecture"],
    ["status = RUNING", 9, 6, "RUNNING"],
    ["architecture = ResNet-50", 15, 9, "resnet50"],
    ["tag = a and stauts = RUNNING", 12, 6, "status"],
    ["val/acuracy@best > 0.9 and val/accuracy > 0.9", 27, 12, "val/accuracy@best"],
    ["val/accuracy@bst > 0.9", 13, 3, "best"],
    ["seed = 0,5", 8, 1, null],
    ["createdAt > 7d", 12, 2, "-7d"],
    ["duration > 60", 11, 2, "60s"],
    ["name > a", 5, 1, "="],
    ["status = ", 9, 1, null],
    ["(status = RUNNING", 0, 1, null],
    ["status = RUNNING)", 16, 1, ""],
    ['name = "abc', 7, 4, '"abc"'],
    ["status in RUNNING", 10, 7, "(RUNNING)"],
    ["status = RUNNING tag = a", 17, 3, "and tag"],
    ["zebra", 0, 5, "name ~ zebra"],
    ["config = 3", 0, 6, "config."],
    ["createdAt = 2026-02-30", 12, 10, null],
    ["and", 0, 3, 'name ~ "and"'],
  ])("%s", (text, offset, length, suggestion) => {
    const found = problem(text, ["val/accuracy", "val/loss"]);
    const place = { offset, length: found.length };
    expect(found).toMatchObject(
      suggestion === null ? { offset, suggestion: null } : { ...place, length, suggestion: { text: suggestion } },
    );
  });

  it("and a suggestion, put in its place, is accepted or moves the mistake on", () => {
    for (const text of [
      "architeture = resnet50",
      "status = RUNING",
      "val/accuracy > 0.9",
      "duration > 60",
      "zebra",
      "status in RUNNING",
    ]) {
      const { offset, length, text: replacement } = problem(text).suggestion!;
      expect(parseRunQuery(text.slice(0, offset) + replacement + text.slice(offset + length)).problem, text).toBeNull();
    }
  });
});

test("what is too long, too deep or too much is refused, at the place where it becomes so", () => {
  const { characters, depth, terms } = runQueryLimits;
  expect(problem(`name = ${"x".repeat(characters)}`)).toMatchObject({ offset: characters });
  expect(problem(`${"(".repeat(depth + 1)}tag = a`)).toMatchObject({ offset: depth + 1 });
  expect(problem(`${"not ".repeat(4_000)}tag=a`).message.key).toBe("runQuery.tooDeep");
  expect(problem(`seed in (${"1,".repeat(terms)}1)`).message.key).toBe("runQuery.tooManyTerms");
});
