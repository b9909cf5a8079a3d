import { expect, test } from "vitest";
import { idPrefix, newId } from "./ids.js";

test("ids of one process are unique and sort in the order in which they were made", () => {
  const ids = Array.from({ length: 20_000 }, () => newId("run"));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test("an id is a version-7 UUID behind a prefix, and nothing else is an id", () => {
  const id = newId("exp");
  expect(id).toMatch(/^exp_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(Math.abs(Number.parseInt(id.slice(4, 16), 16) - Date.now())).toBeLessThan(60_000);
  expect(idPrefix(id)).toBe("exp");
  for (const text of ["", "exp_", "run-1", id.toUpperCase(), `${id}0`, `usr_${id.slice(4)}`, `${id}\n`]) {
    expect(idPrefix(text), text).toBeNull();
  }
});
