import { AppError, notFound } from "../../errors.js";
import { isKnownEtag } from "../../http-etag.js";
import type { RouteHandler } from "../../http-routes.js";
import { Turns } from "../../turns.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { loadRun } from "../run/run.loader.js";
import { ImageLists } from "./image-lists.js";
import { readImageFile } from "./read-image-file.js";
import { thumbnail } from "./thumbnail.js";

/** Of the encoding: to be raised when the same file gives another picture. */
const encodingVersion = 1;

/** Decoding has four threads in this process, which files and names need too. */
const atOnce = 2;
const mostWaiting = 256;

/**
 * GET /image/:run/:images/:index, a small picture of an image that a run was scored on, for whoever may see that run. Nothing in the address
 * is a path: the list that `images` names comes from the scan of the run's dataset. What an address shows never changes, so that browsers keep it.
 */
export function serveImages(): RouteHandler {
  const lists = new ImageLists();
  const turns = new Turns(atOnce, {
    seats: mostWaiting,
    full: () =>
      new AppError("RATE_LIMITED", `${mostWaiting} pictures wait to be made. Ask again in a few seconds.`, {
        limit: mostWaiting,
      }),
  });
  return async (context, request, response) => {
    const { run: runId, images, index } = request.params as Record<"run" | "images" | "index", string>;
    const run = await loadRun(context, runId);
    const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
    const list = dataset && (await lists.read(context, { datasetId: dataset.id, imagesHash: images }));
    const image = /^\d{1,9}$/.test(index) ? list?.[Number(index)] : undefined;
    if (!dataset || !image) throw notFound("image", index);
    const etag = `"${image.contentHash}-${encodingVersion}"`;
    response.set({
      "Content-Type": "image/webp",
      "Content-Disposition": "inline",
      "Content-Security-Policy": "default-src 'none'",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Cache-Control": "private, max-age=31536000, immutable",
      Vary: "Authorization, Cookie",
      ETag: etag,
    });
    if (isKnownEtag(request.headers["if-none-match"], etag)) return void response.status(304).end();
    const picture = await turns.take(async () =>
      response.destroyed ? null : thumbnail(await readImageFile(dataset.path, image)),
    );
    if (picture) response.end(picture);
  };
}
