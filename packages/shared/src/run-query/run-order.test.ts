import { expect, test } from "vitest";
import { parseRunOrder } from "./parse-run-order.js";
import { printRunOrder } from "./print-run-query.js";

test.each(["-createdAt", "-val/accuracy@best,name", 'config.a."b c",-"my metric"@last', '-config."x,y"'])(
  "a sort prints as it is: %s",
  (text) => {
    expect(printRunOrder(parseRunOrder(text).terms ?? [])).toBe(text);
  },
);

test.each([
  ["", 0, null],
  ["-creatdAt", 1, "createdAt"],
  ["name,val/accuracy", 5, "val/accuracy@best"],
  ["tag", 0, null],
  ["name desc", 5, null],
  ["name,", 5, null],
  ["name,seed,id,gap,speed,status", 22, null],
])("a mistake in a sort is underlined where it is: %s", (text, offset, suggestion) => {
  const { problem } = parseRunOrder(text);
  expect(problem).toMatchObject({ offset });
  expect(problem!.suggestion?.text ?? null).toBe(suggestion);
});
