import { afterEach, describe, expect, it } from "vitest";
import { EvaluationBatches } from "./evaluation-batches.js";
import { normalizationOf, normalizeInto } from "./normalization.js";
import { imageBytes, PixelStore, sharedFloats } from "./pixel-store.js";
import { plainResize } from "./preprocessing.js";
import { type BatchOptions, TrainingBatches } from "./training-batches.js";

const size = 4;
const identity = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const;

const opened: PixelStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** Image i is filled with i, so that a pixel tells which image it came from. */
function numbered(count: number, threads = 1): PixelStore {
  const pixels = new Uint8Array(new SharedArrayBuffer(count * imageBytes(size)));
  for (let i = 0; i < count; i++) pixels.fill(i, i * imageBytes(size), (i + 1) * imageBytes(size));
  const index = {
    offsets: Float64Array.from({ length: count }, (_, i) => i * imageBytes(size)),
    sizes: new Uint32Array(count * 2).fill(size),
  };
  const source = { kind: "memory", imageSize: size, rule: plainResize, index, pixels } as const;
  const store = new PixelStore(count, source, undefined, threads);
  opened.push(store);
  return store;
}

function batches(options: Partial<BatchOptions> = {}): TrainingBatches {
  const count = 10;
  return new TrainingBatches({
    store: options.store ?? numbered(count),
    indices: Uint32Array.from({ length: count }, (_, i) => i),
    labels: Uint16Array.from({ length: count }, (_, i) => i),
    batchSize: 3,
    augmentation: "STANDARD",
    normalization: identity,
    seed: 1,
    ...options,
  });
}

async function copyOf(run: TrainingBatches, step: number) {
  const { images, labels, mix } = await run.batch(step);
  return {
    images: images.slice(),
    labels: labels.slice(),
    partners: mix?.partners.slice(),
    shares: mix?.shares.slice(),
  };
}

describe("TrainingBatches", () => {
  it("shows every image at most once an epoch, with its own label, and drops the partial batch", async () => {
    const run = batches();
    expect(run.stepsPerEpoch).toBe(3);
    for (let epoch = 0; epoch < 4; epoch++) {
      const seen: number[] = [];
      for (let step = 0; step < 3; step++) seen.push(...(await run.batch(epoch * 3 + step)).labels);
      expect(new Set(seen).size).toBe(9);
    }
  });

  it("pairs pixels with labels, and says which images a batch is of", async () => {
    const indices = Uint32Array.of(9, 4, 7);
    const run = batches({ indices, labels: Uint16Array.of(0, 1, 2), augmentation: "NONE" });
    const { images, labels } = await run.batch(0);
    for (let i = 0; i < 3; i++) {
      expect(images[i * imageBytes(size)]).toBeCloseTo(indices[labels[i]!]!, 4);
      expect(run.imagesOf(0)[i]).toBe(indices[labels[i]!]);
    }
  });

  it("gives the same batch for the same seed and step, whatever came before, and others for other seeds and epochs", async () => {
    const once = batches({ mixup: 0.2, cutmix: 1 });
    await once.batch(0);
    await once.batch(1);
    const later = await copyOf(once, 7);
    expect(await copyOf(batches({ mixup: 0.2, cutmix: 1 }), 7)).toEqual(later);
    expect(await copyOf(batches({ mixup: 0.2, cutmix: 1, seed: 2 }), 7)).not.toEqual(later);
    expect(await copyOf(batches({ mixup: 0.2, cutmix: 1 }), 4)).not.toEqual(later);
  });

  it("gives the same batches with any number of threads", async () => {
    for (const augmentation of ["LIGHT", "HEAVY"] as const) {
      const one = batches({ store: numbered(10, 1), augmentation, cutmix: 1, batchSize: 5 });
      const three = batches({ store: numbered(10, 3), augmentation, cutmix: 1, batchSize: 5 });
      for (let step = 0; step < 4; step++) expect(await copyOf(three, step)).toEqual(await copyOf(one, step));
    }
  });

  it("keeps a batch as it is until the one after the next is asked for", async () => {
    const store = numbered(10);
    const run = batches({ store });
    const first = await run.batch(0);
    const copy = first.images.slice();
    await run.batch(1);
    // What is asked for now is done after all that was begun ahead.
    const group = { slots: [{ image: 0, position: 0, seed: 0 }] } as const;
    const work = { groups: Array.from({ length: 20 }, () => group), level: "HEAVY", normalization: identity } as const;
    await store.fill({ ...work, batch: sharedFloats(imageBytes(size)) });
    expect(first.images).toEqual(copy);
  });

  it("blends images as the shares say", async () => {
    const run = batches({ mixup: 0.4, augmentation: "NONE", batchSize: 5 });
    for (let step = 0; step < 4; step++) {
      const { images, labels, mix } = await run.batch(step);
      for (const [i, label] of labels.entries()) {
        const share = mix!.shares[i]!;
        const expected = share * label + (1 - share) * mix!.partners[i]!;
        expect(images[i * imageBytes(size)]).toBeCloseTo(expected, 3);
        expect(images[(i + 1) * imageBytes(size) - 1]).toBeCloseTo(expected, 3);
      }
      // The fifth image has no other to be mixed with.
      expect(mix!.shares[4]).toBe(1);
      expect(mix!.partners[0]).toBe(labels[1]);
      expect(mix!.partners[1]).toBe(labels[0]);
    }
  });

  it("pastes as much of another image as the shares say", async () => {
    const run = batches({ cutmix: 1, augmentation: "NONE", batchSize: 4 });
    const shares = new Set<number>();
    for (let step = 0; step < 10; step++) {
      const { images, labels, mix } = await run.batch(step);
      for (const [i, label] of labels.entries()) {
        const pixels = images.subarray(i * imageBytes(size), (i + 1) * imageBytes(size));
        const own = pixels.filter((value) => Math.round(value) === label).length / pixels.length;
        expect(own).toBeCloseTo(mix!.shares[i]!, 5);
        expect(pixels.every((value) => [label, mix!.partners[i]].includes(Math.round(value)))).toBe(true);
        shares.add(mix!.shares[i]!);
      }
    }
    expect(shares.size).toBeGreaterThan(4);
  });

  it("does not mix where nothing is asked for", async () => {
    expect((await batches().batch(0)).mix).toBeUndefined();
  });

  it("ends what is being prepared when the store is closed", async () => {
    const store = numbered(10);
    const run = batches({ store });
    await run.batch(0);
    await store.close();
    await expect(run.batch(50)).rejects.toThrow("closed");
  });
});

describe("EvaluationBatches", () => {
  it("shows every image in order, unvaried, and fills up the last batch", async () => {
    const indices = Uint32Array.of(3, 1, 4, 1, 5);
    const run = new EvaluationBatches({ store: numbered(10), indices, batchSize: 2, normalization: identity });
    expect(run.count).toBe(3);
    for (let number = 0; number < 3; number++) {
      const images = await run.batch(number);
      for (let i = 0; i < 2; i++) {
        expect(images[i * imageBytes(size)]).toBeCloseTo(indices[number * 2 + i] ?? 0, 4);
      }
    }
  });
});

describe("normalizeInto", () => {
  it("turns bytes into what the families' weights expect", () => {
    const target = new Float32Array(6);
    normalizeInto(target, 0, [0, 0, 0, 255, 255, 255], normalizationOf("vit"));
    expect([...target]).toEqual([-1, -1, -1, 1, 1, 1]);
    normalizeInto(target, 0, [0, 0, 0, 255, 255, 255], normalizationOf("resnet"));
    expect(target[0]).toBeCloseTo(-0.485 / 0.229, 5);
    expect(target[5]).toBeCloseTo((1 - 0.406) / 0.225, 5);
  });
});
