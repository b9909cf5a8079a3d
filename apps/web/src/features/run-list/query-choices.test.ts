import { parseRunQuery } from "@residual/shared";
import { expect, it } from "vitest";
import { choose, chosen } from "@/features/run-list/query-choices";

const query = (text: string) => parseRunQuery(text).query;

it.each([
  ["", "RUNNING", "status = RUNNING"],
  ["status = FAILED", "RUNNING", "status = RUNNING"],
  ["status in (FAILED) and tag = a", "", "tag = a"],
  ["tag = a or tag = b", "RUNNING", "(tag = a or tag = b) and status = RUNNING"],
  [
    "status != FAILED and val/accuracy@best > 0.9",
    "RUNNING",
    "status != FAILED and val/accuracy@best > 0.9 and status = RUNNING",
  ],
  ["status = FAILED", "", ""],
])("writes what a control says into the query and leaves all else: %s, then %s", (text, value, after) => {
  expect(choose(query(text), "status", value)).toBe(after);
  expect(chosen(query(after), "status")).toBe(value);
});

it("shows nothing in a control where the query says more than one value", () => {
  for (const text of ["status in (FAILED, RUNNING)", "status not in (FAILED)", "not status = FAILED", "status = null"])
    expect(chosen(query(text), "status")).toBe("");
});
