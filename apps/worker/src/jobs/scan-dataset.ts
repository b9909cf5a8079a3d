import { type ImageFolderScan, scanImageFolder } from "@residual/model";
import { type ClaimedJob, type JobEnd, reportDatasetScan } from "../operations.js";
import { imageLists } from "./image-lists.js";
import type { JobContext } from "./job-context.js";
import { keepScan } from "./scan-file.js";

/** The full lists of a badly damaged folder might not fit into a request, and nobody reads them whole. */
const LISTED = 200;

/** Reads a folder of images and reports what is in it. Throws a DatasetError when there is nothing to train on. */
export async function scanDataset(claimed: ClaimedJob, context: JobContext): Promise<JobEnd> {
  const { api, lease, log, folders } = context;
  const { dataset, splitOptions } = claimed;
  const scan = await scanWithProgress(claimed, context);
  // Without it a run scans again: a full disk is no reason to fail a scan.
  await keepScan(folders.scans, dataset.id, splitOptions, scan).catch((error: Error) => {
    log.warn("the scan could not be kept", { reason: error.message });
  });
  await api.request(
    reportDatasetScan,
    {
      input: {
        job: lease.job,
        leaseGeneration: lease.leaseGeneration,
        contentHash: scan.contentHash,
        imageCount: scan.images.length,
        classes: scan.classes,
        duplicates: scan.duplicates
          .slice(0, LISTED)
          .map(({ contentHash, paths }) => ({ contentHash, paths: paths.slice(0, 10) })),
        unreadable: scan.unreadable.slice(0, LISTED),
        warnings: scan.warnings,
        imageLists: await imageLists(scan),
      },
    },
    context.signal,
  );
  log.info("scanned", { images: scan.images.length, classes: scan.classes.length, unreadable: scan.unreadable.length });
  return { status: "DONE" };
}

/** Also for a training run whose dataset was scanned on another machine. */
export function scanWithProgress(
  { dataset, splitOptions }: ClaimedJob,
  { lease, signal, shutdown, tell }: JobContext,
): Promise<ImageFolderScan> {
  return scanImageFolder(dataset.path, {
    ...splitOptions,
    signal: AbortSignal.any([signal, shutdown]),
    onProgress: (step, steps) => {
      tell({ kind: "alive", isAtBatches: false });
      lease.progress = {
        epoch: 0,
        epochs: 0,
        step,
        steps,
        imagesPerSecond: null,
        secondsLeft: null,
        phase: "scanning images",
      };
    },
  });
}
