import type { ListedImage } from "@residual/shared";
import type { Context } from "../../context.js";
import { type ImageListKey, imageListOf } from "../dataset/image-list.js";

/** A page of a gallery asks for many images of one list: unpacking it for each would cost more than the pictures. */
const keptLists = 4;

/** The lists that were asked for last, unpacked. A list of the same images may be replaced when files were renamed. */
export class ImageLists {
  readonly #kept = new Map<string, { scannedAt: number; images: Promise<ListedImage[] | null> }>();

  /** Null where no scan of the dataset has seen exactly these images. */
  async read(context: Context, key: ImageListKey): Promise<ListedImage[] | null> {
    const { rows } = await context.pool.query<{ scanned_at: Date }>(
      "SELECT scanned_at FROM dataset_images WHERE dataset_id = $1 AND images_hash = $2",
      [key.datasetId, key.imagesHash],
    );
    if (!rows[0]) return null;
    const name = `${key.datasetId} ${key.imagesHash}`;
    const scannedAt = rows[0].scanned_at.getTime();
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    const kept = known?.scannedAt === scannedAt ? known : { scannedAt, images: context.load(imageListOf).load(key) };
    this.#kept.set(name, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptLists) break;
      this.#kept.delete(oldest);
    }
    try {
      return await kept.images;
    } catch (error) {
      this.#kept.delete(name);
      throw error;
    }
  }
}
