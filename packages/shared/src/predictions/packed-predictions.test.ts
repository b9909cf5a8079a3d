import fc from "fast-check";
import { expect, it } from "vitest";
import { packPredictions, unpackCorrect, unpackPredictions } from "./packed-predictions.js";

const image = fc.record({
  prediction: fc.integer({ min: 0, max: 0xffff }),
  confidence: fc.float({ min: 0, max: 1, noNaN: true }),
  correct: fc.integer({ min: 0, max: 1 }),
});

it("gives back every class and answer as it was, and every confidence to within half a step", () => {
  fc.assert(
    fc.property(fc.array(image), (images) => {
      const predictions = Uint16Array.from(images, ({ prediction }) => prediction);
      const correct = Uint8Array.from(images, (one) => one.correct);
      const confidences = Float32Array.from(images, ({ confidence }) => confidence);
      const bytes = packPredictions({ predictions, confidences, correct });
      expect(bytes.length).toBe(4 * images.length);
      const unpacked = unpackPredictions(bytes);
      expect(unpackCorrect(bytes)).toEqual(unpacked.correct);
      expect(unpacked.predictions).toEqual(predictions);
      expect(unpacked.correct).toEqual(correct);
      for (const [i, confidence] of unpacked.confidences.entries())
        expect(Math.abs(confidence - confidences[i]!)).toBeLessThanOrEqual(0.5 / 32767 + 1e-7);
    }),
  );
});

it("packs again to the same bytes, whatever they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      if (bytes.length % 4 !== 0) expect(() => unpackPredictions(bytes)).toThrow(RangeError);
      else expect(packPredictions(unpackPredictions(bytes))).toEqual(bytes);
    }),
  );
});

it("has the layout that it promises", () => {
  const bytes = packPredictions({
    predictions: Uint16Array.of(0x0102, 3),
    confidences: Float32Array.of(1, Number.NaN),
    correct: Uint8Array.of(1, 0),
  });
  expect([...bytes]).toEqual([2, 1, 0xff, 0xff, 3, 0, 0, 0]);
});

it("refuses columns of different lengths", () => {
  const columns = { predictions: new Uint16Array(2), confidences: new Float32Array(1), correct: new Uint8Array(2) };
  expect(() => packPredictions(columns)).toThrow(/1 confidences/);
});
