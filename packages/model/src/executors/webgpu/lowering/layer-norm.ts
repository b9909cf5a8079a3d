import { columnSums } from "./column-sums.js";
import { input, type LoweringRule, output, read, write } from "./lowering.js";
import { rowKernel, rowsAndWidth } from "./rows.js";
import { float } from "./shader.js";

export const layerNorm: LoweringRule<"layerNorm"> = ({ inputs: [x], attributes: { epsilon } }) => {
  const { rows, width } = rowsAndWidth(x!);
  const kernel = rowKernel({
    rows,
    width,
    bindings: {
      x: read(input(0)),
      gamma: read(input(1)),
      beta: read(input(2)),
      y: write(output(0)),
      means: write(output(1)),
      inverses: write(output(2)),
    },
    body: (loop) => `var sum = 0f;
  ${loop("sum += x[i];")}
  let average = totalOf(sum, local) * ${float(1 / width)};
  var squares = 0f;
  ${loop("let d = x[i] - average; squares += d * d;")}
  let inverse = 1f / sqrt(totalOf(squares, local) * ${float(1 / width)} + ${float(epsilon)});
  ${loop("y[i] = (x[i] - average) * inverse * gamma[column] + beta[column];")}
  if (local == 0u) { means[group] = average; inverses[group] = inverse; }`,
  });
  return { kernels: [kernel] };
};

/** dx = r·(d − mean d − x̂·mean(d·x̂)) with d = dy·γ */
export const layerNormGrad: LoweringRule<"layerNormGrad"> = ({ inputs: [, x] }) => {
  const { rows, width } = rowsAndWidth(x!);
  const [dy, image, gamma, means, inverses] = [0, 1, 2, 3, 4].map((index) => read(input(index)));
  const kernel = rowKernel({
    rows,
    width,
    bindings: { dy: dy!, x: image!, gamma: gamma!, means: means!, inverses: inverses!, dx: write(output(0)) },
    body: (loop) => `let average = means[group];
  let inverse = inverses[group];
  var sum = 0f;
  var sumNormalized = 0f;
  ${loop("let d = dy[i] * gamma[column]; sum += d; sumNormalized += d * (x[i] - average) * inverse;")}
  let part = totalOf(sum, local) * ${float(1 / width)};
  let partNormalized = totalOf(sumNormalized, local) * ${float(1 / width)};
  ${loop("dx[i] = inverse * (dy[i] * gamma[column] - part - (x[i] - average) * inverse * partNormalized);")}`,
  });
  const affine = columnSums({
    groups: 1,
    rows,
    channels: width,
    bindings: { dy: dy!, x: image!, means: means!, inverses: inverses! },
    terms: ["dy[i] * (x[i] - means[row]) * inverses[row]", "dy[i]"],
    results: [output(1), output(2)],
  });
  return { ...affine, kernels: [kernel, ...affine.kernels] };
};
