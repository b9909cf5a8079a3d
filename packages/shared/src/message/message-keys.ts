import { actionMessages } from "../advisor/action-messages.js";
import { findingMessages } from "../advisor/finding-messages.js";
import { fairnessMessages } from "../comparison/fairness-messages.js";
import { outlookMessages } from "../comparison/outlook.js";
import { sentenceMessages } from "../comparison/sentence-messages.js";
import { doctorMessages } from "../doctor-report/doctor-messages.js";
import { gapMessages } from "../generalization-gap/gap-messages.js";
import { pictureMessages } from "../image-list/picture-messages.js";
import { learningCurveMessages } from "../learning-curve/say-learning-curve.js";
import { runQueryMessages } from "../run-query/run-query-messages.js";
import { configMessages } from "../training-config/config-messages.js";
import { choiceMessages } from "../training-guide/choice-messages.js";
import { claimMessages } from "../training-guide/claim-messages.js";
import { issueMessages } from "../training-guide/issue-messages.js";
import { measuredMessages } from "../training-guide/measured-messages.js";
import { noteMessages } from "../training-guide/note-messages.js";
import { presetMessages } from "../training-guide/preset-messages.js";
import { noticeMessages } from "../training-notices/notice-messages.js";

/** English text of every sentence that this package can say, as a template over the message's values. */
export const englishMessages = {
  ...configMessages,
  ...gapMessages,
  ...noteMessages,
  ...claimMessages,
  ...measuredMessages,
  ...choiceMessages,
  ...issueMessages,
  ...presetMessages,
  ...fairnessMessages,
  ...sentenceMessages,
  ...outlookMessages,
  ...pictureMessages,
  ...learningCurveMessages,
  ...noticeMessages,
  ...doctorMessages,
  ...runQueryMessages,
  ...findingMessages,
  ...actionMessages,
} as const;

export type MessageKey = keyof typeof englishMessages;

/** Every key that a Message of this package can have: a client's catalogues are complete when they have these. */
export const messageKeys = Object.keys(englishMessages) as readonly MessageKey[];
