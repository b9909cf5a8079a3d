/**
 * The typed operations of a training graph. A network, its loss, its gradients and its weight updates are all made of these;
 * every executor implements this list and nothing else. Shapes: B batch, H × W pixels, C channels, T tokens, D width.
 * Images are NHWC, convolution filters HWIO, linear weights [in, out].
 */
export type DType = "float32";

export type Shape = readonly number[];

/** What each operation carries beside its inputs. The comment gives `inputs -> outputs`. */
export interface OperationAttributes {
  /** -> value; fed by name at every run */
  placeholder: { readonly name: string };
  /** -> value; the current content of a variable of the graph */
  variable: { readonly name: string };
  /** -> value; a small constant */
  constant: { readonly data: Float32Array };

  /** x[B,H,W,I], filter[h,w,I,O] -> y[B,H',W',O]; symmetric zero padding `pad`, square `stride` */
  conv2d: { readonly stride: number; readonly pad: number };
  /** dy, filter -> dx of `inputShape` */
  conv2dGradInput: { readonly stride: number; readonly pad: number; readonly inputShape: Shape };
  /** x, dy -> dfilter of `filterShape` */
  conv2dGradFilter: { readonly stride: number; readonly pad: number; readonly filterShape: Shape };

  /** x[..,C], gamma[C], beta[C] -> y, mean[C], unbiasedVariance[C], saved1[C], saved2[C], saved3[C] (the saved ones are the executor's own; normalises with the biased variance) */
  batchNormTrain: { readonly epsilon: number };
  /** dy, x, gamma, saved1, saved2, saved3 -> dx, dgamma[C], dbeta[C] */
  batchNormTrainGrad: { readonly epsilon: number };
  /** x[..,C], gamma, beta, mean, variance -> y; with given statistics (evaluation, or frozen in training) */
  batchNormInference: { readonly epsilon: number };
  /** dy, x, gamma, mean, variance -> dx, dgamma, dbeta */
  batchNormInferenceGrad: { readonly epsilon: number };

  /** x[M,D], gamma[D], beta[D] -> y[M,D], mean[M], inverseDeviation[M] */
  layerNorm: { readonly epsilon: number };
  /** dy, x, gamma, mean, inverseDeviation -> dx, dgamma, dbeta */
  layerNormGrad: { readonly epsilon: number };

  /** x -> max(x, 0) */
  relu: Empty;
  /** dy, y -> dx */
  reluGrad: Empty;
  /** x -> x·Φ(x), exact (erf) */
  gelu: Empty;
  /** dy, x -> dx */
  geluGrad: Empty;
  /** x -> softmax over the last axis */
  softmax: Empty;
  /** dy, y -> dx */
  softmaxGrad: Empty;

  /** x[B,H,W,C] -> y; zero-padding is right because the input has been through relu */
  maxPool: { readonly size: number; readonly stride: number; readonly pad: number };
  /** x, y, dy -> dx */
  maxPoolGrad: { readonly size: number; readonly stride: number; readonly pad: number };
  /** x[B,H,W,C] -> [B,C] */
  globalAveragePool: Empty;
  /** dy[B,C] -> dx of `inputShape` */
  globalAveragePoolGrad: { readonly inputShape: Shape };

  /** a[M,K], b[K,N] (before the flags) -> [M,N] */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** a[...,M,K], b[...,K,N] (before the flags; equal leading axes) -> [...,M,N] */
  batchMatMul: { readonly transposeA: boolean; readonly transposeB: boolean };

  /** a, b of one shape -> a + b */
  add: Empty;
  /** n >= 1 values of one shape -> their sum */
  addN: Empty;
  /** x[..,C], b[C] -> x + b */
  biasAdd: Empty;
  /** dy[..,C] -> [C] */
  biasAddGrad: Empty;
  /** x[B,...], p[1,...] -> x + p, p for every element of the batch */
  addToBatch: Empty;
  /** x[B,...] -> [1,...] */
  sumBatch: Empty;
  /** x[1,...] -> [batch,...] */
  tileBatch: { readonly batch: number };
  /** x -> x · factor */
  scale: { readonly factor: number };

  /** x -> the same elements in `shape` */
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: Shape };
  slice: { readonly begin: Shape; readonly size: Shape };
  /** zero padding, one [before, after] an axis */
  pad: { readonly paddings: readonly (readonly [number, number])[] };
  /** n values -> joined along `axis` */
  concat: { readonly axis: number };
  /** x, after -> x; what reads it must not be computed, nor merged with an equal node, before `after` is there */
  barrier: Empty;

  /** logits[B,C], targets[B,C] (rows are weights, usually summing to one) -> loss[B], dlogits[B,C] (gradient of each row's own loss) */
  softmaxCrossEntropy: Empty;
  /** dlogits[B,C], dloss[B] -> each row scaled: the gradient of the logits */
  softmaxCrossEntropyGrad: Empty;
  /** x[B] -> [] */
  mean: Empty;
  /** dy[] -> [size], each dy / size */
  meanGrad: { readonly size: number };

  /** all gradients -> [] their joint l2 norm; non-finite where any gradient is */
  globalNorm: Empty;
  /** norm[] -> [] min(1, maximum / norm) */
  clipFactor: { readonly maximum: number };

  /** gradient, learningRate[], gradientScale[] -> (nothing); v = momentum·v + (scale·g + weightDecay·w); w -= lr·learningRateScale·v (or Nesterov's form). Changes `name` and its slot `momentum/<name>` */
  applyMomentum: {
    readonly name: string;
    readonly momentum: number;
    readonly nesterov: boolean;
    readonly weightDecay: number;
    readonly learningRateScale: number;
  };
  /** gradient, learningRate[], gradientScale[], step[] (1, 2, …) -> (nothing); decoupled weight decay as in PyTorch, at the scaled rate too. Slots `adam_m/<name>`, `adam_v/<name>` */
  applyAdamW: {
    readonly name: string;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
    readonly learningRateScale: number;
  };
  /** value -> (nothing); variable -= momentum · (variable − value): running statistics */
  moveAverage: { readonly name: string; readonly momentum: number };
  /** gradient -> (nothing); slot `accumulated/<name>` += gradient */
  accumulate: { readonly name: string };
  /** the slot as it was read -> (nothing); slot `accumulated/<name>` = 0 */
  clearAccumulated: { readonly name: string };
  /** step[] (1, 2, …) -> (nothing); slot `ema/<name>` -= s · (slot − variable) with s = max(1 − decay, 9 / (step + 8)), after the other updates of `name`, which has this shape */
  averageWeights: { readonly name: string; readonly decay: number; readonly shape: Shape };
}

type Empty = Record<never, never>;

export type OperationName = keyof OperationAttributes;

/** Operations without results: they change variables, after everything else of a run, in the order in which they stand in the graph. */
export type UpdateOperation =
  | "applyMomentum"
  | "applyAdamW"
  | "moveAverage"
  | "accumulate"
  | "clearAccumulated"
  | "averageWeights";
