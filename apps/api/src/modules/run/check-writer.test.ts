import { expect, test } from "vitest";
import { keyWith } from "../../test-viewer.fixture.js";
import type { Viewer } from "../../viewer.js";
import { checkWriter } from "./check-writer.js";
import type { Run, RunOrigin } from "./run.entity.js";

const refusal = (viewer: Viewer, origin: RunOrigin, leaseGeneration: number) => {
  try {
    checkWriter(viewer, { id: "run", origin } as Run, leaseGeneration);
    return null;
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

test("a script's key makes up no result of a run that our workers train, whatever lease it names", () => {
  expect(refusal(keyWith("LOG"), "TRAINED_HERE", 0)).toBe("FORBIDDEN");
  expect(refusal(keyWith("LOG", "READ", "MANAGE"), "TRAINED_HERE", 3)).toBe("FORBIDDEN");
});

test("nor does a worker's before it claimed the run", () => {
  expect(refusal(keyWith("WORK"), "TRAINED_HERE", 0)).toBe("FENCED");
  expect(refusal(keyWith("WORK"), "TRAINED_HERE", 1)).toBeNull();
});

test("a worker's key writes nothing into the runs of scripts", () => {
  expect(refusal(keyWith("WORK"), "LOGGED", 0)).toBe("FORBIDDEN");
  expect(refusal(keyWith("LOG"), "LOGGED", 0)).toBeNull();
});
