import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { hashOfImages, type ImageFolderScan, imagesOfSplit } from "@residual/model";
import { maxRequestBytes, writeImageList } from "@residual/shared";
import type { ImageList } from "../operations.js";

/** Leaves a quarter of a request to the rest of a scan's report. */
const mostCharacters = (maxRequestBytes / 4) * 3;

/**
 * The files of the splits that are scored image by image, so that the API can show a prediction's picture. Null where they do not fit into
 * a request (from about 150,000 images of val and test on): a scan does not fail for that.
 */
export async function imageLists(scan: ImageFolderScan): Promise<ImageList[] | null> {
  const lists: ImageList[] = [];
  for (const split of ["val", "test"] as const) {
    const images = imagesOfSplit(scan, split);
    if (images.length === 0) continue;
    const packed = await promisify(gzip)(writeImageList(images));
    lists.push({ split, imagesHash: hashOfImages(scan, images), images: packed.toString("base64") });
  }
  return lists.reduce((sum, { images }) => sum + images.length, 0) > mostCharacters ? null : lists;
}
