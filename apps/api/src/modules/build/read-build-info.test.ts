import "reflect-metadata";
import { expect, test } from "vitest";
import { readBuildInfo } from "./read-build-info.js";

test("without a written build the software details come from git, or say that they are unknown", async () => {
  const info = await readBuildInfo();
  expect(info.release).toMatch(/^\d+\.\d+\.\d+/);
  expect(info.compiledAt.getTime()).toBeGreaterThan(0);
  if (info.commit === "unknown") {
    expect(info).toMatchObject({ branch: "unknown", history: 0, changes: [] });
  } else {
    expect(info.history).toBeGreaterThanOrEqual(info.changes.length);
    expect(info.changes[0]).toMatchObject({ commit: info.commit });
  }
});
