import { expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import { type Cut, smallerParts } from "./smaller-parts.js";

const cut: Cut = { batchSize: 64, wanted: 2, freezeBatchNorm: false, isPretrained: true, architecture: tinyResNet };
const reason = { gigabytes: 8 };

it("adds gradients up and changes nothing else where enough images are computed at a time", () => {
  const { message, ...parts } = smallerParts(cut, reason);
  expect(parts).toEqual({ microBatches: 2, freezeBatchNorm: false });
  expect(message).toMatchObject({ key: "notice.batchCut.accumulating", values: { batchSize: 64, microBatches: 2 } });
  expect(smallerParts({ ...cut, wanted: 4 }, reason).message.key).toBe("notice.batchCut.accumulating");
});

it("keeps the statistics of a checkpoint where fewer than 16 images would measure new ones", () => {
  const { message, ...parts } = smallerParts({ ...cut, wanted: 8 }, { resumedFrom: 3 });
  expect(parts).toEqual({ microBatches: 8, freezeBatchNorm: true });
  expect(message).toMatchObject({ key: "notice.outOfMemory.batchNormFrozen", values: { resumedFrom: 3 } });
});

it("measures them all the same where there are none to keep, and says what that does", () => {
  const { message, ...parts } = smallerParts({ ...cut, wanted: 8, isPretrained: false }, reason);
  expect(parts).toEqual({ microBatches: 8, freezeBatchNorm: false });
  expect(message).toMatchObject({ key: "notice.batchCut.batchNormSmall", values: { images: 8 } });
});

it("has nothing to keep in a network without batch normalization, or with one that is frozen already", () => {
  const small = { ...cut, wanted: 8 };
  const ofTransformer = smallerParts({ ...small, architecture: tinyVisionTransformer }, reason);
  expect(ofTransformer.message.key).toBe("notice.batchCut.accumulating");
  expect(ofTransformer.freezeBatchNorm).toBe(false);
  const frozen = smallerParts({ ...small, freezeBatchNorm: true }, reason);
  expect(frozen.message.key).toBe("notice.batchCut.accumulating");
  expect(frozen.freezeBatchNorm).toBe(true);
});
