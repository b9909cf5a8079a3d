import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Executor } from "../executors/executor.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { classNames, writeTrainedCheckpoint } from "./checkpoint.fixture.js";
import { type Prediction, predict } from "./predict.js";
import { openTrainedModel, type TrainedModel } from "./trained-model.js";

const dataset = fileURLToPath(new URL("../../../../datasets/fashion-mnist/", import.meta.url));
const images = ["bag", "coat", "dress"].flatMap((name) =>
  ["001", "002", "003"].map((n) => join(dataset, name, `${n}.png`)),
);

let folder: string;
let model: TrainedModel;
let executor: Executor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-predict-"));
  model = await openTrainedModel(await writeTrainedCheckpoint(folder, "vit_tiny_patch16_224", "vit.safetensors"));
  executor = (await openWasm()) as Executor;
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(paths: readonly string[]): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const prediction of predict(model, executor, paths)) predictions.push(prediction);
  return predictions;
}

describe("predict", () => {
  it("answers every image in order, each as if it were asked alone", async () => {
    const together = await ask(images);
    expect(together.map(({ image }) => image)).toEqual(images);
    for (const [index, prediction] of together.entries()) {
      if (!("scores" in prediction)) throw new Error(prediction.problem);
      const { scores } = prediction;
      expect(scores.map(({ className }) => className).sort()).toEqual([...classNames].sort());
      expect(scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
      expect(scores[0]!.probability).toBe(Math.max(...scores.map(({ probability }) => probability)));
      if (index % 4 !== 0) continue;
      const [alone] = await ask([images[index]!]);
      if (!alone || !("scores" in alone)) throw new Error("no answer");
      expect(alone.scores[0]!.className).toBe(scores[0]!.className);
      expect(alone.scores[0]!.probability).toBeCloseTo(scores[0]!.probability, 4);
    }
  });

  it("says why an image cannot be read, and answers the others", async () => {
    const text = join(folder, "text.png");
    await writeFile(text, "no picture");
    const [first, second, third] = await ask([text, images[0]!, join(folder, "absent.png")]);
    expect(first).toMatchObject({ image: text, problem: expect.stringContaining("not an image") });
    expect(second).toHaveProperty("scores");
    expect(third).toMatchObject({ problem: expect.stringContaining("no such file") });
  });
});
