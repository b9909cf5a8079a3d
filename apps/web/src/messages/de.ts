import advice from "@/messages/de/advice.json";
import artifact from "@/messages/de/artifact.json";
import build from "@/messages/de/build.json";
import comparison from "@/messages/de/comparison.json";
import dataset from "@/messages/de/dataset.json";
import experiment from "@/messages/de/experiment.json";
import exports from "@/messages/de/export.json";
import frame from "@/messages/de/frame.json";
import gap from "@/messages/de/gap.json";
import images from "@/messages/de/images.json";
import launch from "@/messages/de/launch.json";
import learningCurve from "@/messages/de/learning-curve.json";
import metrics from "@/messages/de/metrics.json";
import models from "@/messages/de/models.json";
import palette from "@/messages/de/palette.json";
import people from "@/messages/de/people.json";
import run from "@/messages/de/run.json";
import runList from "@/messages/de/run-list.json";
import sentenceAdvice from "@/messages/de/sentence-advice.json";
import compare from "@/messages/de/sentence-compare.json";
import config from "@/messages/de/sentence-config.json";
import curve from "@/messages/de/sentence-curve.json";
import doctor from "@/messages/de/sentence-doctor.json";
import fairness from "@/messages/de/sentence-fairness.json";
import sentenceGap from "@/messages/de/sentence-gap.json";
import guide from "@/messages/de/sentence-guide.json";
import notice from "@/messages/de/sentence-notice.json";
import outlook from "@/messages/de/sentence-outlook.json";
import pictures from "@/messages/de/sentence-pictures.json";
import preflight from "@/messages/de/sentence-preflight.json";
import runQuery from "@/messages/de/sentence-run-query.json";
import settings from "@/messages/de/settings.json";
import share from "@/messages/de/share.json";
import signIn from "@/messages/de/sign-in.json";
import sweep from "@/messages/de/sweep.json";
import trash from "@/messages/de/trash.json";
import ui from "@/messages/de/ui.json";
import worker from "@/messages/de/worker.json";

import type { Messages } from "@/messages/en";

/** What the dashboard says in German. */
export const de: Messages = {
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
  sentence: {
    advice: sentenceAdvice,
    compare,
    config,
    curve,
    fairness,
    gap: sentenceGap,
    guide,
    notice,
    outlook,
    doctor,
    pictures,
    preflight,
    runQuery,
  },
  settings,
  share,
  signIn,
  sweep,
  trash,
  ui,
  worker,
};
