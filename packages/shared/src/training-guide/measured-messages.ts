import { type Speaker, speaker } from "../message/message.js";

export const measuredMessages = {
  "guide.measured.accuracy":
    "{difference, number, ::sign-always} points over “{other}” on the same {examples} val images ({low, number, ::sign-always} to {high, number, ::sign-always}).",
  "guide.measured.trainingTime": "At {imageSize} px here: {ratio} times the time for an image that {other} takes.",
  "guide.measured.inference": "At {imageSize} px here: one image takes {own} ms; {other} takes {others} ms.",
  "guide.measured.memory": "A run here at {imageSize} px with batch {batchSize} took {gigabytes} GB.",
  "guide.measured.epochs": "The best run here was best at epoch {epoch} of {epochs}.",
  "guide.measured.learningRate": "The best run here had a rate of {rate}: {accuracy} % val accuracy.",
} as const;

/** Says what runs of a project measured of what the guide speaks of. */
export const sayMeasured: Speaker<typeof measuredMessages> = speaker(measuredMessages);
