import { type Speaker, speaker } from "../message/message.js";

export const presetMessages = {
  "guide.preset.birds.name": "Fine-grained birds",
  "guide.preset.birds.scenario": "{classes} bird species, 150 images of each.",
  "guide.preset.birds.why": "Small differences between species, a large dataset, deep and local features needed.",
  "guide.preset.defects.name": "Industrial defects",
  "guide.preset.defects.scenario": "{classes} kinds of defects that differ subtly, 650 and more images of each.",
  "guide.preset.defects.why": "Subtle visual differences, enough data, and a production line that needs reliability.",
  "guide.preset.medical.name": "Medical scans",
  "guide.preset.medical.scenario": "{classes} categories of disease, 1,500 scans of each.",
  "guide.preset.medical.why": "Accuracy is critical, the patterns are complex, the dataset is substantial.",
  "guide.preset.expected": "The guide expects {low} to {high} % accuracy.",
} as const;

export const sayPreset: Speaker<typeof presetMessages> = speaker(presetMessages);
