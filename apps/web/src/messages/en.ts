import advice from "@/messages/en/advice.json";
import artifact from "@/messages/en/artifact.json";
import build from "@/messages/en/build.json";
import comparison from "@/messages/en/comparison.json";
import dataset from "@/messages/en/dataset.json";
import experiment from "@/messages/en/experiment.json";
import exports from "@/messages/en/export.json";
import frame from "@/messages/en/frame.json";
import gap from "@/messages/en/gap.json";
import images from "@/messages/en/images.json";
import launch from "@/messages/en/launch.json";
import learningCurve from "@/messages/en/learning-curve.json";
import metrics from "@/messages/en/metrics.json";
import models from "@/messages/en/models.json";
import palette from "@/messages/en/palette.json";
import people from "@/messages/en/people.json";
import run from "@/messages/en/run.json";
import runList from "@/messages/en/run-list.json";
import settings from "@/messages/en/settings.json";
import share from "@/messages/en/share.json";
import signIn from "@/messages/en/sign-in.json";
import sweep from "@/messages/en/sweep.json";
import trash from "@/messages/en/trash.json";
import ui from "@/messages/en/ui.json";
import worker from "@/messages/en/worker.json";

/** What the dashboard says in English: one file a feature. German must have the same keys. */
export const en = {
  advice,
  artifact,
  build,
  comparison,
  dataset,
  experiment,
  export: exports,
  frame,
  gap,
  images,
  launch,
  learningCurve,
  metrics,
  models,
  palette,
  people,
  run,
  runList,
  /** What the API says: in English it comes as text, so that only the other languages need a catalogue. */
  sentence: {},
  settings,
  share,
  signIn,
  sweep,
  trash,
  ui,
  worker,
};

export type Messages = typeof en;
