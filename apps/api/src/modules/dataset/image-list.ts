import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type ListedImage, readImageList } from "@residual/shared";
import DataLoader from "dataloader";
import type { Context } from "../../context.js";

/** A million images at 64 bytes each: a packed list that says more is not worth memory. */
const mostBytes = 64 * 1024 * 1024;

/** Throws for what is not gzip, and for what unpacks to more than `mostBytes`. */
export async function unpackImageList(packed: Uint8Array): Promise<string> {
  return (await promisify(gunzip)(packed, { maxOutputLength: mostBytes })).toString("utf8");
}

export type ImageListKey = { readonly datasetId: string; readonly imagesHash: string };

/** Which files the images are that a hash stands for, in their order; null where no scan of the dataset has seen exactly these. */
export function imageListOf({ pool }: Context): DataLoader<ImageListKey, ListedImage[] | null, string> {
  return new DataLoader(
    async (keys) => {
      const { rows } = await pool.query<{ i: number; images: Buffer }>({
        name: "dataset-images-read",
        text: `SELECT w.i, d.images FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(dataset_id, images_hash, i)
               JOIN dataset_images d USING (dataset_id, images_hash)`,
        values: [keys.map(({ datasetId }) => datasetId), keys.map(({ imagesHash }) => imagesHash)],
      });
      const packed = new Map(rows.map(({ i, images }) => [i, images]));
      return Promise.all(
        keys.map(async (_, i) => {
          const images = packed.get(i + 1);
          return images ? readImageList(await unpackImageList(images)) : null;
        }),
      );
    },
    { cacheKeyFn: ({ datasetId, imagesHash }) => `${datasetId} ${imagesHash}` },
  );
}
