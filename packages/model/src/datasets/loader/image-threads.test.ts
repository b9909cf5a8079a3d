import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const sourceOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("ImageThreads", () => {
  it("can be closed amid its work, and left open, by a process that has nothing else to do", () => {
    const script = `
      import { runnerImport } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve("vite")))};
      const options = { configFile: false, logLevel: "error" };
      const { ImageThreads } = (await runnerImport(${JSON.stringify(sourceOf("image-threads.ts"))}, options)).module;
      const pixels = new Uint8Array(new SharedArrayBuffer(300));
      const index = { offsets: Float64Array.of(0), sizes: Uint32Array.of(10, 10) };
      const rule = { fit: "crop", cropFraction: 1, cropRounding: "down", interpolation: "bilinear" };
      const source = { kind: "memory", imageSize: 10, rule, index, pixels };
      const batch = new Float32Array(new SharedArrayBuffer(1200));
      const normalization = { mean: [0, 0, 0], deviation: [1, 1, 1] };
      const groups = [{ slots: [{ image: 0, position: 0, seed: 1 }] }];
      const work = { kind: "fill", batch, groups, level: "HEAVY", normalization };
      const left = new ImageThreads(source, 1);
      await left.do(work);
      const threads = new ImageThreads(source, 1);
      const done = Promise.allSettled([1, 2, 3, 4].map(() => threads.do(work)));
      await threads.close();
      console.log((await done).map(({ status }) => status).join());
    `;
    const folder = mkdtempSync(join(tmpdir(), "residual-threads-"));
    writeFileSync(join(folder, "main.mjs"), script);
    const child = spawnSync(process.execPath, [join(folder, "main.mjs")], { encoding: "utf8", timeout: 100_000 });
    rmSync(folder, { recursive: true });
    expect(child.stderr).toBe("");
    expect(child.stdout.trim()).toBe("fulfilled,fulfilled,rejected,rejected");
    expect(child.status).toBe(0);
  });
});
