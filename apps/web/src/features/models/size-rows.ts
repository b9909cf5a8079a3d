import {
  type ArchitectureId,
  type DatasetSizeClass,
  datasetSizeLimits,
  type GuideRecommendation,
  guideRecommendation,
} from "@residual/shared";

export interface SizeRow {
  sizeClass: DatasetSizeClass;
  /** Images from `from` on, up to and with `to`; null: without an end. */
  from: number;
  to: number | null;
  recommended: GuideRecommendation;
}

/** The guide's advice by the size of the dataset, one row a size class. */
export function sizeRows(architecture: ArchitectureId): SizeRow[] {
  const { small, medium, large, veryLarge } = datasetSizeLimits(architecture);
  const ranges: [DatasetSizeClass, number, number | null][] = [
    ["BELOW_MINIMUM", 0, small - 1],
    ["SMALL", small, medium - 1],
    ["MEDIUM", medium, large],
    ["LARGE", large + 1, veryLarge],
    ["VERY_LARGE", veryLarge + 1, null],
  ];
  return ranges.map(([sizeClass, from, to]) => ({
    sizeClass,
    from,
    to,
    recommended: guideRecommendation(architecture, from),
  }));
}
