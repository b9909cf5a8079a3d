import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { encodeMetricFrame } from "./encode-metric-frame.js";
import { randomFrame, seededRandom } from "./random-frame.fixture.js";

const program = fileURLToPath(new URL("../../../../docs/metric_frame.py", import.meta.url));
const python = spawnSync("python3", ["--version"]).status === 0;

it.skipIf(!python)(
  "docs/metric-frame.md suffices: its Python reads and packs 1,000 random frames to the same bytes (skipped where there is no python3)",
  () => {
    const random = seededRandom(40);
    const frames = Array.from({ length: 1_000 }, () =>
      Buffer.from(encodeMetricFrame(randomFrame(random))).toString("hex"),
    );
    const { stdout, stderr } = spawnSync("python3", [program], { input: `${frames.join("\n")}\n`, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(frames);
  },
);
