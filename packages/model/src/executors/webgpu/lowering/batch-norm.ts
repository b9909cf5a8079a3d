import type { Value } from "../../../graph/graph.js";
import { elementCount } from "../../../graph/shape.js";
import { columnSums, partitionRows, partitionStatements, sumRowsFunction } from "./column-sums.js";
import { input, type Kernel, type LoweringRule, type Memory, output, read, temporary, write } from "./lowering.js";
import { mapElements, periodic, periodicElement } from "./map-elements.js";
import { rowsAndWidth } from "./rows.js";
import { float, shader } from "./shader.js";

/** y = (x − mean)·inverse·γ + β, with the inverse deviation given or found from the variance. */
function normalize(x: Value, mean: Memory, deviation: Memory, inverse: (deviation: string) => string): Kernel {
  const channels = x.shape.at(-1)!;
  const element = periodicElement(channels);
  const of = (name: string) => periodic(name, channels);
  return mapElements({
    bindings: {
      x: read(input(0), "vec4f"),
      gamma: read(input(1), element),
      beta: read(input(2), element),
      average: read(mean, element),
      deviation: read(deviation, element),
      y: write(output(0), "vec4f"),
    },
    body: `y[index] = (x[index] - ${of("average")}) * ${inverse(of("deviation"))} * ${of("gamma")} + ${of("beta")};`,
    over: "y",
    floats: elementCount(x.shape),
  });
}

const asIs = (inverse: string): string => inverse;
const ofVariance = (epsilon: number) => (variance: string) => `(1f / sqrt(${variance} + ${float(epsilon)}))`;

/**
 * Mean and Σ(x − mean)² of each chunk of rows, then of all rows by the formula of Chan, Golub and LeVeque: no large squares are
 * subtracted from each other. Results mean, unbiased variance, and saved: mean, inverse deviation, the same.
 */
function statistics(rows: number, channels: number, epsilon: number) {
  const partition = partitionRows(1, rows, channels);
  const { rowLanes, rowsPerChunk, chunks, channelBlocks } = partition;
  const temporaryFloats = 2 * chunks * channels;
  const partials = temporary(0, temporaryFloats);
  const loop = (statement: string) =>
    `if (channel < ${channels}u) { for (var row = begin + lane; row < end; row += ${rowLanes}u) { let value = x[row * ${channels}u + channel]; ${statement} } }`;
  const ofChunks = shader({
    bindings: { x: read(input(0)), partials: write(partials) },
    workgroups: channelBlocks * chunks,
    work: 2 * rows * channels,
    declarations: sumRowsFunction(partition),
    body: `${partitionStatements(partition, rows)}
  var sum = 0f;
  ${loop("sum += value;")}
  let average = sumRows(sum, local) / f32(end - begin);
  var squares = 0f;
  ${loop("let d = value - average; squares += d * d;")}
  let spread = sumRows(squares, local);
  if (lane == 0u && channel < ${channels}u) {
    partials[2u * chunk * ${channels}u + channel] = average;
    partials[(2u * chunk + 1u) * ${channels}u + channel] = spread;
  }`,
  });
  const ofAll = shader({
    bindings: {
      partials: read(partials),
      average: write(output(1)),
      unbiased: write(output(2)),
      saved1: write(output(3)),
      saved2: write(output(4)),
      saved3: write(output(5)),
    },
    workgroups: Math.ceil(channels / 64),
    work: chunks * channels,
    size: 64,
    body: `if (index >= ${channels}u) { return; }
  var count = 0f;
  var joint = 0f;
  var spread = 0f;
  for (var chunk = 0u; chunk < ${chunks}u; chunk++) {
    let rows = f32(min(${rowsPerChunk}u, ${rows}u - chunk * ${rowsPerChunk}u));
    let distance = partials[2u * chunk * ${channels}u + index] - joint;
    let all = count + rows;
    joint += distance * (rows / all);
    spread += partials[(2u * chunk + 1u) * ${channels}u + index] + distance * distance * (count * rows / all);
    count = all;
  }
  let inverse = 1f / sqrt(spread * ${float(1 / rows)} + ${float(epsilon)});
  average[index] = joint;
  unbiased[index] = spread * ${float(1 / Math.max(rows - 1, 1))};
  saved1[index] = joint;
  saved2[index] = inverse;
  saved3[index] = inverse;`,
  });
  return { kernels: [ofChunks, ofAll], temporaryFloats };
}

export const batchNormTrain: LoweringRule<"batchNormTrain"> = ({ inputs: [x], attributes: { epsilon } }) => {
  const { rows, width } = rowsAndWidth(x!);
  const { kernels, temporaryFloats } = statistics(rows, width, epsilon);
  return { kernels: [...kernels, normalize(x!, output(3), output(4), asIs)], temporaryFloats };
};

/** dx = γ·r·(dy − mean dy − x̂·mean(dy·x̂)) */
export const batchNormTrainGrad: LoweringRule<"batchNormTrainGrad"> = ({ inputs: [, x] }) => {
  const { rows, width: channels } = rowsAndWidth(x!);
  const affine = columnSums({
    groups: 1,
    rows,
    channels,
    bindings: { dy: read(input(0)), x: read(input(1)), average: read(input(3)), inverse: read(input(4)) },
    terms: ["dy[i] * (x[i] - average[channel]) * inverse[channel]", "dy[i]"],
    results: [output(1), output(2)],
  });
  const element = periodicElement(channels);
  const of = (name: string) => periodic(name, channels);
  const dx = mapElements({
    bindings: {
      dy: read(input(0), "vec4f"),
      x: read(input(1), "vec4f"),
      gamma: read(input(2), element),
      average: read(input(3), element),
      inverse: read(input(4), element),
      dgamma: read(output(1), element),
      dbeta: read(output(2), element),
      dx: write(output(0), "vec4f"),
    },
    body: `let scale = ${of("inverse")};
  let normalized = (x[index] - ${of("average")}) * scale;
  let centred = dy[index] - ${float(1 / rows)} * (${of("dbeta")} + normalized * ${of("dgamma")});
  dx[index] = ${of("gamma")} * scale * centred;`,
    over: "dx",
    floats: elementCount(x!.shape),
  });
  return { ...affine, kernels: [...affine.kernels, dx] };
};

export const batchNormInference: LoweringRule<"batchNormInference"> = ({ inputs: [x], attributes: { epsilon } }) => ({
  kernels: [normalize(x!, input(3), input(4), ofVariance(epsilon))],
});

export const batchNormInferenceGrad: LoweringRule<"batchNormInferenceGrad"> = ({ inputs: [, x], attributes }) => {
  const { rows, width: channels } = rowsAndWidth(x!);
  const inverse = ofVariance(attributes.epsilon);
  const affine = columnSums({
    groups: 1,
    rows,
    channels,
    bindings: { dy: read(input(0)), x: read(input(1)), average: read(input(3)), variance: read(input(4)) },
    terms: [`dy[i] * (x[i] - average[channel]) * ${inverse("variance[channel]")}`, "dy[i]"],
    results: [output(1), output(2)],
  });
  const element = periodicElement(channels);
  const dx = mapElements({
    bindings: {
      dy: read(input(0), "vec4f"),
      gamma: read(input(2), element),
      variance: read(input(4), element),
      dx: write(output(0), "vec4f"),
    },
    body: `dx[index] = dy[index] * ${periodic("gamma", channels)} * ${inverse(periodic("variance", channels))};`,
    over: "dx",
    floats: elementCount(x!.shape),
  });
  return { ...affine, kernels: [...affine.kernels, dx] };
};
