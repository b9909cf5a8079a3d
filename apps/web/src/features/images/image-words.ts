"use client";
import { useTranslations } from "next-intl";
import type { JudgedImagePageFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";

export type JudgedImage = JudgedImagePageFragment["nodes"][number];
type Prediction = JudgedImage["predictions"][number];

/** Says what an image is and what it was taken for. `nameOf` names a run where several judged it. */
export function useImageWords(nameOf: (run: string) => string) {
  const t = useTranslations("images");
  const format = useFormat();
  const answer = ({ class: taken, confidence }: Prediction) =>
    confidence === null ? taken : t("sure", { class: taken, confidence: `${format.decimal(confidence * 100, 0)} %` });
  return {
    answer,
    truth: ({ truth }: JudgedImage) => truth ?? t("unknown"),
    /** For who cannot see the picture. */
    alt: (image: JudgedImage) => {
      const number = format.count(image.index + 1);
      const [first, ...others] = image.predictions;
      if (!first) return t("image", { number });
      const truth = image.truth ?? t("unknown");
      if (others.length === 0) return t("alt", { number, truth, taken: answer(first) });
      const answers = image.predictions.map((one) => t("by", { run: nameOf(one.run), taken: answer(one) }));
      return t("altMany", { number, truth, answers: answers.join("; ") });
    },
  };
}
