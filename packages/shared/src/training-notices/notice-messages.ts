import { type Speaker, speaker } from "../message/message.js";

export const noticeMessages = {
  "notice.trainedFromScratch.asked": "Trained from scratch: the weights are random, as the config asks.",
  "notice.trainedFromScratch.notFound":
    "Trained from scratch: no public checkpoint of {architecture} was found, so the weights are random. Expect far less accuracy than from pre-trained weights. {reason}",
  "notice.trainedFromScratch.noneKnown":
    "Trained from scratch: there is no public checkpoint of {architecture}, so the weights are random.",
  "notice.batchNormFrozen":
    "Batch normalization keeps the running statistics of the checkpoint: {images} images at a time are too few to measure new ones.",
  "notice.batchCut.accumulating":
    "Memory: a whole batch of {batchSize} images does not fit into the {gigabytes} GB that are free, so it is cut into {microBatches} parts, whose gradients are added up. The result is the same, a step takes longer.",
  "notice.batchCut.batchNormFrozen":
    "Memory: a whole batch of {batchSize} images does not fit into the {gigabytes} GB that are free, so it is cut into {microBatches} parts, whose gradients are added up. Batch normalization keeps the running statistics of the checkpoint: {images} images at a time are too few to measure new ones.",
  "notice.batchCut.batchNormSmall":
    "Memory: a whole batch of {batchSize} images does not fit into the {gigabytes} GB that are free, so it is cut into {microBatches} parts, whose gradients are added up. Batch normalization measures {images} images at a time, which changes what the run learns: smaller images, gradient checkpointing or a worker with more memory would avoid it.",
  "notice.outOfMemory.accumulating":
    "Out of memory: each batch of {batchSize} images is now cut into {microBatches} parts, whose gradients are added up. The run goes on from step {resumedFrom}.",
  "notice.outOfMemory.batchNormFrozen":
    "Out of memory: each batch of {batchSize} images is now cut into {microBatches} parts, whose gradients are added up, and batch normalization keeps its running statistics. The run goes on from step {resumedFrom}.",
  "notice.outOfMemory.batchNormSmall":
    "Out of memory: each batch of {batchSize} images is now cut into {microBatches} parts, whose gradients are added up. Batch normalization measures {images} images at a time from here on, which changes what the run learns. The run goes on from step {resumedFrom}.",
  "notice.diverged":
    "Diverged at step {step}: numbers were no longer finite. The run went back to step {resumedFrom} and goes on with a learning rate of {learningRate} at its peak, a third of before. Between the two steps the curves show the second attempt, as far as it has come.",
  "notice.stageUnfrozen.lastStage": "The last stage is trained from here on, with the head.",
  "notice.stageUnfrozen.all": "The whole network is trained from here on.",
  "notice.stageUnfrozen.headOnly": "Only the head is trained; all other weights stay as they are.",
  "notice.stageUnfrozen.headFirst": "Only the head is trained at first; the last stage follows, then the rest.",
  "notice.earlyStopped":
    "Stopped early: val loss has not improved in {evaluations} evaluations. The weights of step {bestStep} are the best and are kept.",
  "notice.precision": "Matrix products and convolutions are computed in {precision}, everything else in FP32.",
} as const;

/** Says what a training did on its own account. */
export const sayNotice: Speaker<typeof noticeMessages> = speaker(noticeMessages);
