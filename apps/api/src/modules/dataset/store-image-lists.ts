import { decodeBase64, readImageList } from "@residual/shared";
import type pg from "pg";
import { badInput } from "../../errors.js";
import type { DatasetClass } from "./dataset-scan.js";
import { unpackImageList } from "./image-list.js";

type ReportedList = { readonly split: string; readonly imagesHash: string; readonly images: string };

/**
 * Keeps which file is which image of the reported splits. A list of the same images replaces the one before: files may have been renamed.
 * Lists of other images stay, for the evaluations that name them. Throws BAD_INPUT for a list that is none, or of another length than its split.
 */
export async function storeImageLists(
  client: pg.PoolClient,
  dataset: { id: string; distKey: number },
  lists: readonly ReportedList[],
  classes: readonly DatasetClass[],
): Promise<void> {
  for (const { split, imagesHash, images } of lists) {
    const field = `imageLists.${split}`;
    if (split !== "val" && split !== "test") throw badInput("imageLists.split", "split is val or test.");
    if (!/^[0-9a-f]{64}$/.test(imagesHash))
      throw badInput(`${field}.imagesHash`, `${field}.imagesHash is no SHA-256 in hexadecimal digits.`);
    const packed = await checkList(
      field,
      images,
      classes.reduce((sum, counts) => sum + counts[split], 0),
    );
    await client.query(
      `INSERT INTO dataset_images (dataset_id, images_hash, dist_key, images) VALUES ($1, $2, $3, $4)
       ON CONFLICT (dataset_id, images_hash) DO UPDATE SET images = excluded.images, scanned_at = excluded.scanned_at`,
      [dataset.id, imagesHash, dataset.distKey, packed],
    );
  }
}

/** The list as it is stored: packed. */
async function checkList(field: string, images: string, expected: number): Promise<Uint8Array> {
  try {
    const packed = decodeBase64(images);
    const found = readImageList(await unpackImageList(packed)).length;
    if (found === expected) return packed;
    throw new RangeError(`it lists ${found} images; the classes count ${expected}.`);
  } catch (error) {
    throw badInput(`${field}.images`, `${field}.images cannot be kept: ${(error as Error).message}`);
  }
}
