import type { ArchitectureFacts } from "@residual/shared";

interface DrawnBlock {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface DrawnStage {
  blocks: DrawnBlock[];
  /** Place of the labels under the stage. */
  center: number;
  repeats: number;
  channels: number;
  /** Positions along one side of the stage's output, for an image of `imageSize`. */
  side: number;
  block: ArchitectureFacts["stages"][number]["block"];
}

export interface Drawing {
  width: number;
  stages: DrawnStage[];
  stem: DrawnBlock;
  head: DrawnBlock;
}

const blockWidth = 11;
const blockGap = 4;
const stageGap = 24;
/** Room that the labels under a short stage need. */
const leastStageWidth = 86;
const endWidth = 44;

/**
 * An architecture as a row of blocks, one for each that it has: the height says how large the feature map still is, so that the eye
 * sees where the depth lies. The height of a map falls with the logarithm of its side, or the last stage would be invisible.
 */
export function drawingShape(facts: ArchitectureFacts, imageSize: number, height: number): Drawing {
  const middle = height / 2;
  const heightOf = (downsampling: number) => {
    const side = Math.max(1, imageSize / downsampling);
    return Math.min(height - 2, Math.max(16, (height * Math.log2(side + 1)) / Math.log2(imageSize / 2 + 1)));
  };
  const end = (x: number, tall: number): DrawnBlock => ({ x, y: middle - tall / 2, width: endWidth, height: tall });
  const stem = end(1, heightOf(facts.family === "RESNET" ? 2 : 1));
  let x = stem.x + endWidth + stageGap;
  const stages = facts.stages.map(({ repeats, channels, downsampling, block }): DrawnStage => {
    const tall = heightOf(downsampling);
    const width = repeats * (blockWidth + blockGap) - blockGap;
    const room = Math.max(width, leastStageWidth);
    const left = x + (room - width) / 2;
    const blocks = Array.from({ length: repeats }, (_, index) => ({
      x: left + index * (blockWidth + blockGap),
      y: middle - tall / 2,
      width: blockWidth,
      height: tall,
    }));
    const center = x + room / 2;
    x += room + stageGap;
    return { blocks, center, repeats, channels, side: Math.max(1, Math.floor(imageSize / downsampling)), block };
  });
  const head = end(x, 24);
  return { width: x + endWidth + 1, stages, stem, head };
}
