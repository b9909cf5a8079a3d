import type { Kernel, Tensor } from "./tensor.js";

interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Mean and biased variance of each channel over all other axes. */
function channelStatistics({ shape, data }: Tensor): Statistics {
  const channels = shape.at(-1)!;
  const count = data.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  data.forEach((value, i) => {
    mean[i % channels]! += value / count;
  });
  data.forEach((value, i) => {
    variance[i % channels]! += (value - mean[i % channels]!) ** 2 / count;
  });
  return { mean, variance };
}

function inverseDeviation(variance: Float64Array, epsilon: number): Float64Array {
  return variance.map((value) => 1 / Math.sqrt(value + epsilon));
}

function normalize(x: Tensor, gamma: Tensor, beta: Tensor, mean: Float64Array, inverse: Float64Array): Float64Array {
  const channels = mean.length;
  return x.data.map((value, i) => {
    const c = i % channels;
    return (value - mean[c]!) * inverse[c]! * gamma.data[c]! + beta.data[c]!;
  });
}

/** dgamma = Σ dy·x̂, dbeta = Σ dy for each channel. */
function affineGradients(dy: Tensor, x: Tensor, mean: Float64Array, inverse: Float64Array): Float64Array[] {
  const channels = mean.length;
  const dgamma = new Float64Array(channels);
  const dbeta = new Float64Array(channels);
  dy.data.forEach((value, i) => {
    const c = i % channels;
    dgamma[c]! += value * (x.data[i]! - mean[c]!) * inverse[c]!;
    dbeta[c]! += value;
  });
  return [dgamma, dbeta];
}

export const batchNormTrain: Kernel<"batchNormTrain"> = ({ epsilon }, [x, gamma, beta]) => {
  const { mean, variance } = channelStatistics(x!);
  const inverse = inverseDeviation(variance, epsilon);
  const count = x!.data.length / mean.length;
  const unbiased = variance.map((value) => (value * count) / Math.max(count - 1, 1));
  return [normalize(x!, gamma!, beta!, mean, inverse), mean, unbiased, mean, inverse, inverse];
};

/** dx = γ·r·(dy − mean dy − x̂·mean(dy·x̂)) */
export const batchNormTrainGrad: Kernel<"batchNormTrainGrad"> = (_, [dy, x, gamma, savedMean, savedInverse]) => {
  const [mean, inverse] = [savedMean!.data, savedInverse!.data];
  const [dgamma, dbeta] = affineGradients(dy!, x!, mean, inverse) as [Float64Array, Float64Array];
  const channels = mean.length;
  const count = x!.data.length / channels;
  const dx = dy!.data.map((value, i) => {
    const c = i % channels;
    const normalized = (x!.data[i]! - mean[c]!) * inverse[c]!;
    return gamma!.data[c]! * inverse[c]! * (value - dbeta[c]! / count - (normalized * dgamma[c]!) / count);
  });
  return [dx, dgamma, dbeta];
};

export const batchNormInference: Kernel<"batchNormInference"> = ({ epsilon }, [x, gamma, beta, mean, variance]) => [
  normalize(x!, gamma!, beta!, mean!.data, inverseDeviation(variance!.data, epsilon)),
];

export const batchNormInferenceGrad: Kernel<"batchNormInferenceGrad"> = (
  { epsilon },
  [dy, x, gamma, mean, variance],
) => {
  const inverse = inverseDeviation(variance!.data, epsilon);
  const channels = inverse.length;
  const dx = dy!.data.map((value, i) => value * gamma!.data[i % channels]! * inverse[i % channels]!);
  return [dx, ...affineGradients(dy!, x!, mean!.data, inverse)];
};

export const layerNorm: Kernel<"layerNorm"> = ({ epsilon }, [x, gamma, beta]) => {
  const [rows, width] = x!.shape as [number, number];
  const y = new Float64Array(rows * width);
  const means = new Float64Array(rows);
  const inverses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const values = x!.data.subarray(row * width, (row + 1) * width);
    const mean = values.reduce((sum, value) => sum + value, 0) / width;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    means[row] = mean;
    inverses[row] = 1 / Math.sqrt(variance + epsilon);
    values.forEach((value, d) => {
      y[row * width + d] = (value - mean) * inverses[row]! * gamma!.data[d]! + beta!.data[d]!;
    });
  }
  return [y, means, inverses];
};

/** dx = r·(d − mean d − x̂·mean(d·x̂)) with d = dy·γ */
export const layerNormGrad: Kernel<"layerNormGrad"> = (_, [dy, x, gamma, means, inverses]) => {
  const [rows, width] = x!.shape as [number, number];
  const dx = new Float64Array(rows * width);
  const dgamma = new Float64Array(width);
  const dbeta = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let sumNormalized = 0;
    const inverse = inverses!.data[row]!;
    const normalized = (i: number) => (x!.data[i]! - means!.data[row]!) * inverse;
    for (let d = 0; d < width; d++) {
      const i = row * width + d;
      dgamma[d]! += dy!.data[i]! * normalized(i);
      dbeta[d]! += dy!.data[i]!;
      sum += dy!.data[i]! * gamma!.data[d]!;
      sumNormalized += dy!.data[i]! * gamma!.data[d]! * normalized(i);
    }
    for (let d = 0; d < width; d++) {
      const i = row * width + d;
      dx[i] = inverse * (dy!.data[i]! * gamma!.data[d]! - sum / width - (normalized(i) * sumNormalized) / width);
    }
  }
  return [dx, dgamma, dbeta];
};
