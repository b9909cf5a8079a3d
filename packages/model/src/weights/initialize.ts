import { hashSeed, Random } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import type { Graph, VariableSpec } from "../graph/graph.js";
import { elementCount } from "../graph/shape.js";
import { NormalStream } from "./normal.js";

/**
 * Fresh values of every variable of a network, slots (zero) included. The same seed gives the same values; each variable has its
 * own stream, so that another number of classes changes the head alone.
 */
export function initializeVariables(
  graph: Pick<Graph, "variables">,
  family: ArchitectureSpec["family"],
  seed: number,
): Map<string, Float32Array> {
  return new Map(
    graph.variables.map((variable) => {
      const data = new Float32Array(elementCount(variable.shape));
      fillVariable(data, variable, family, new Random(hashSeed(seed, variable.name)));
      return [variable.name, data];
    }),
  );
}

/** Standard deviation of the weights of a ViT; timm and the paper's code. */
const transformerDeviation = 0.02;

function fillVariable(
  data: Float32Array,
  { kind, shape, name }: VariableSpec,
  family: ArchitectureSpec["family"],
  random: Random,
): void {
  switch (kind) {
    case "gamma":
    case "runningVariance":
      data.fill(1);
      return;
    case "conv":
      if (family === "vit") fillTruncatedNormal(data, transformerDeviation, random);
      else fillNormal(data, kaimingDeviation(shape), random);
      return;
    case "linear":
      if (family === "vit") fillTruncatedNormal(data, transformerDeviation, random);
      else fillUniform(data, 1 / Math.sqrt(shape[0]!), random);
      return;
    case "embedding":
      fillTruncatedNormal(data, name === "cls_token" ? classTokenDeviation : transformerDeviation, random);
      return;
    case "bias":
    case "beta":
    case "residualGamma":
    case "runningMean":
    case "slot":
      return;
  }
}

/** timm starts the class token almost at zero. */
const classTokenDeviation = 1e-6;

/** Kaiming normal for ReLU, fan out: √(2 / (h·w·O)) keeps the variance of gradients. https://arxiv.org/abs/1502.01852 */
function kaimingDeviation([height, width, , outChannels]: readonly number[]): number {
  return Math.sqrt(2 / (height! * width! * outChannels!));
}

function fillNormal(data: Float32Array, deviation: number, random: Random): void {
  const normal = new NormalStream(random);
  for (let i = 0; i < data.length; i++) data[i] = deviation * normal.next();
}

/** Normal, cut at two standard deviations by drawing again. */
function fillTruncatedNormal(data: Float32Array, deviation: number, random: Random): void {
  const normal = new NormalStream(random);
  for (let i = 0; i < data.length; i++) {
    let z = normal.next();
    while (Math.abs(z) > 2) z = normal.next();
    data[i] = deviation * z;
  }
}

/** PyTorch's default of a linear layer: uniform within ±1/√in. */
function fillUniform(data: Float32Array, bound: number, random: Random): void {
  for (let i = 0; i < data.length; i++) data[i] = random.between(-bound, bound);
}
