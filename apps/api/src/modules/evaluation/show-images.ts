import { access } from "node:fs/promises";
import { sayPictures } from "@residual/shared";
import type { Context } from "../../context.js";
import type { Message } from "../../message.js";
import { shareGrant } from "../../viewer.js";
import { pictureAddress } from "../image/picture-address.js";
import type { ImagePageArgs, JudgedImage, JudgedImages } from "./judged-image.type.js";
import type { JudgedSplit } from "./judged-split.js";

/** A page of images with what each of the runs said of them. All runs were scored on the same images, which the first one names. */
export async function showImages(
  { viewer }: Context,
  judged: readonly [JudgedSplit, ...JudgedSplit[]],
  images: Uint32Array,
  { first, offset }: ImagePageArgs,
): Promise<JudgedImages> {
  const [{ source, dataset, labels, files }] = judged;
  const picturesMissing = await whyNoPictures(judged[0]);
  const named = (label: number) => dataset?.classes[label]?.name ?? String(label);
  const show = (index: number): JudgedImage => ({
    index,
    // What files are called is nobody's business who only has a link.
    file: shareGrant(viewer) ? null : (files?.[index]?.path ?? null),
    picture: picturesMissing ? null : pictureAddress(source.run.id, source.imagesHash!, index),
    truth: labels ? named(labels[index]!) : null,
    predictions: judged.map(({ source: { run }, classes, confidences, correct }) => ({
      run: run.id,
      class: named(classes[index]!),
      confidence: confidences?.[index] ?? null,
      isRight: correct[index] === 1,
    })),
  });
  return {
    total: images.length,
    nodes: Array.from(images.subarray(offset, offset + first), show),
    picturesMissing,
  };
}

async function whyNoPictures({ dataset, files }: JudgedSplit): Promise<Message | null> {
  if (!dataset) return sayPictures("pictures.noDataset", {});
  if (!files) return sayPictures("pictures.notListed", {});
  const isHere = await access(dataset.path).then(
    () => true,
    () => false,
  );
  return isHere ? null : sayPictures("pictures.elsewhere", {});
}
