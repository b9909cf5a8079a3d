import { join } from "node:path";
import { openRun } from "@residual/client";
import { DatasetError, type ImageFolderScan, type TrainingRequest, train } from "@residual/model";
import { storedTrainingConfig } from "@residual/shared";
import { heedProblems } from "../metric-problems.js";
import type { ClaimedJob, JobEnd } from "../operations.js";
import { ReportQueue } from "../report-queue.js";
import { chooseCheckpoint } from "./choose-checkpoint.js";
import type { JobContext } from "./job-context.js";
import { RunReporter } from "./run-reporter.js";
import { scanWithProgress } from "./scan-dataset.js";
import { findScan } from "./scan-file.js";
import { uploadBest } from "./upload-best.js";

/**
 * Trains a run from its last good checkpoint or from the start, and tells the API everything on the way. Points of a run go to disk first;
 * a checkpoint is committed only after all that was logged before it, so that whoever resumes from it finds the run complete up to there.
 */
export async function trainRun(
  claimed: ClaimedJob,
  run: NonNullable<ClaimedJob["run"]>,
  context: JobContext,
): Promise<JobEnd> {
  const { api, lease, log, folders, shutdown, signal } = context;
  const config = storedTrainingConfig(run.config);
  const [executor, dataset, checkpoint] = await Promise.all([
    context.executor(),
    datasetOf(claimed, context),
    chooseCheckpoint(claimed, log),
  ]);

  const fail = (error: Error) => lease.lose(error);
  const metrics = openRun({
    ...api.access,
    run: run.id,
    leaseGeneration: lease.leaseGeneration,
    spoolFolder: folders.spools,
    onProblem: heedProblems(log, fail),
  });
  const reports = new ReportQueue(fail);
  const reporter = new RunReporter(run.id, config, context, metrics, reports);
  try {
    const events = train({
      executor,
      architecture: context.architecture(config.architecture),
      config,
      dataset,
      checkpointFolder: join(folders.checkpoints, run.id),
      cacheFolder: folders.pixels,
      memoryBytes: context.gpu?.memoryBytes ?? process.availableMemory(),
      resumeFrom: checkpoint?.path,
      isProtected: (path) => reporter.isCommitted(path) || path === checkpoint?.path,
      request: (): TrainingRequest => (shutdown.aborted ? "pause" : lease.request),
      onPhase: (phase, done, total) => {
        context.tell({ kind: "alive", isAtBatches: phase === "training" || phase === "evaluating" });
        reporter.progress.entered(phase, done, total);
      },
      signal,
    });
    for await (const event of events) await reporter.report(event);
    const end = await reporter.end(executor);
    await reports.flush();
    await metrics.flush(signal);
    await metrics.close();
    if (context.uploadsBest && end.status === "DONE") await uploadBest(run.id, context);
    return end;
  } catch (error) {
    // What was logged stays on disk; the next process of this worker sends it as long as nobody has claimed the job anew.
    await metrics.leave();
    throw error;
  } finally {
    reporter.close();
  }
}

/** The images and their split as the dataset's scan found them. Throws a DatasetError when the folder holds others now. */
async function datasetOf(claimed: ClaimedJob, context: JobContext): Promise<ImageFolderScan> {
  const { dataset, splitOptions } = claimed;
  const kept = await findScan(context.folders.scans, dataset, splitOptions);
  if (kept) return kept;
  const scan = await scanWithProgress(claimed, context);
  if (dataset.contentHash !== null && scan.contentHash !== dataset.contentHash) {
    throw new DatasetError(
      `The folder ${dataset.path} holds other images than when the dataset "${dataset.name}" was scanned. Scan it again, then start the run anew.`,
    );
  }
  return scan;
}
