import { expect, it } from "vitest";
import type { Session } from "../executors/executor.js";
import { GroupedReading, inGroups } from "./variable-groups.js";

const mebi = 2 ** 18;
const variables = [40, 20, 10, 100, 1].map((mebibytes) => ({ name: `v${mebibytes}`, shape: [mebibytes, mebi] }));

it("keeps transfers below 64 MiB but for a variable that is larger by itself", () => {
  expect(inGroups(variables).map((group) => group.map(({ name }) => name))).toEqual([
    ["v40", "v20"],
    ["v10"],
    ["v100"],
    ["v1"],
  ]);
  expect(inGroups([])).toEqual([]);
});

it("gives every variable its own values in any order, and asks the session for each group once", async () => {
  const asked: (readonly string[])[] = [];
  const read = async (names: readonly string[]) => {
    asked.push(names);
    return new Map(names.map((name) => [name, Float32Array.of(Number(name.slice(1)))]));
  };
  const reading = new GroupedReading({ read } as Partial<Session> as Session, variables);
  for (const name of ["v1", "v20", "v100", "v40", "v10"]) {
    expect([...(await reading.take(name))]).toEqual([Number(name.slice(1))]);
  }
  expect(asked).toEqual([["v1"], ["v40", "v20"], ["v100"], ["v10"]]);
});
