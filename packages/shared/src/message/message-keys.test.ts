import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fill, speaker } from "./message.js";
import { messageKeys } from "./message-keys.js";

/** What this package says itself, packages/model of a training, a worker of its machine, and the API of what lies there. */
const roots = [
  "..",
  "../../../model/src/training/",
  "../../../../apps/worker/src/doctor/",
  "../../../../apps/api/src/modules/",
].map((path) => new URL(path, import.meta.url));
const sources = roots
  .flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith("messages.ts"))
      .map((path) => readFileSync(new URL(path, root), "utf8")),
  )
  .join("\n");

/** Keys that the code puts together from a part and a choice. */
const composed =
  /^(config\.(batchSize|epochs|learningRate|evalEvery|imageSize)\.too(Small|Large)|compare\.(better|best|(asGood|undecided)(Cheaper)?)(Overfits)?|notice\.(batchCut|outOfMemory)\.(accumulating|batchNormFrozen|batchNormSmall))$/;

it("says every sentence of the catalogues somewhere, so that no translation is made for nothing", () => {
  const unsaid = messageKeys.filter((key) => !composed.test(key) && !sources.includes(`"${key}"`));
  expect(unsaid).toEqual([]);
});

it("has no key that is the beginning of another, so that catalogues can nest at the dots", () => {
  const nested = messageKeys.filter((key) => messageKeys.some((other) => other.startsWith(`${key}.`)));
  expect(nested).toEqual([]);
});

it("writes numbers with a typographic minus, a sign where asked, and a dash for what is missing", () => {
  expect(
    fill("{a}, {b, number, ::sign-always}, {c, number, ::sign-always}, {d}, {e}", {
      a: -1234.5,
      b: 0.4,
      c: -2,
      d: null,
      e: "x",
    }),
  ).toBe("−1,234.5, +0.4, −2, –, x");
});

it("leaves out a range that nobody knows, but not half of one", () => {
  const template = "The gap is {gap} points ({low} to {high}).";
  expect(fill(template, { gap: 26, low: null, high: null })).toBe("The gap is 26 points.");
  expect(fill(template, { gap: 26, low: 20, high: null })).toBe("The gap is 26 points (20 to –).");
});

it("gives key and values beside the text, so that a client can say it in its own language", () => {
  const say = speaker({ "a.b": "{n} images" } as const);
  expect(say("a.b", { n: 2 })).toEqual({ key: "a.b", values: { n: 2 }, text: "2 images" });
});
