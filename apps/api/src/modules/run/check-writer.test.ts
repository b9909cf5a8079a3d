import { expect, test } from "vitest";
import type { Scope, Viewer } from "../../viewer.js";
import { checkWriter } from "./check-writer.js";
import type { Run, RunOrigin } from "./run.entity.js";

const key = (...scopes: Scope[]): Viewer => ({
  ...{ kind: "API_KEY", id: "key", name: "key", principal: "key:key", expiresAt: null, scopes },
});
const refusal = (viewer: Viewer, origin: RunOrigin, leaseGeneration: number) => {
  try {
    checkWriter(viewer, { id: "run", origin } as Run, leaseGeneration);
    return null;
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

test("a script's key makes up no result of a run that our workers train, whatever lease it names", () => {
  expect(refusal(key("LOG"), "TRAINED_HERE", 0)).toBe("FORBIDDEN");
  expect(refusal(key("LOG", "READ", "MANAGE"), "TRAINED_HERE", 3)).toBe("FORBIDDEN");
});

test("nor does a worker's before it claimed the run", () => {
  expect(refusal(key("WORK"), "TRAINED_HERE", 0)).toBe("FENCED");
  expect(refusal(key("WORK"), "TRAINED_HERE", 1)).toBeNull();
});

test("a worker's key writes nothing into the runs of scripts", () => {
  expect(refusal(key("WORK"), "LOGGED", 0)).toBe("FORBIDDEN");
  expect(refusal(key("LOG"), "LOGGED", 0)).toBeNull();
});
