import type { Value, VariableSpec } from "../graph/graph.js";
import type { LayerContext } from "./layer-context.js";

/** PyTorch's defaults, with which the published ResNets were trained. */
const epsilon = 1e-5;
const momentum = 0.1;

/** x[..,C] normalised over all other axes. With batch statistics the running ones move by a tenth towards them. */
export function batchNorm(
  { graph, statistics }: LayerContext,
  x: Value,
  name: string,
  gammaKind: GammaKind = "gamma",
): Value {
  const vector = (suffix: string, kind: VariableSpec["kind"], trainable: boolean): VariableSpec => {
    return { name: `${name}.${suffix}`, shape: [x.shape.at(-1)!], kind, trainable };
  };
  const gammaSpec = vector("weight", gammaKind, true);
  const gamma = graph.variable(gammaSpec);
  const beta = graph.variable(vector("bias", "beta", true));
  const runningMean = graph.variable(vector("running_mean", "runningMean", false));
  const runningVariance = graph.variable(vector("running_var", "runningVariance", false));
  if (statistics(gammaSpec) === "running") {
    return graph.batchNormInference(x, gamma, beta, runningMean, runningVariance, epsilon);
  }
  const { y, mean, variance } = graph.batchNormTrain(x, gamma, beta, epsilon);
  graph.append("moveAverage", { name: `${name}.running_mean`, momentum }, [mean]);
  graph.append("moveAverage", { name: `${name}.running_var`, momentum }, [variance]);
  return y;
}

type GammaKind = "gamma" | "residualGamma";
