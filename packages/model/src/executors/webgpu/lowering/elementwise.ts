import type { Value } from "../../../graph/graph.js";
import { elementCount } from "../../../graph/shape.js";
import { input, type Lowering, type LoweringRule, output, read, write } from "./lowering.js";
import { mapElements, periodic, periodicElement } from "./map-elements.js";
import { float, range } from "./shader.js";

/** The first result is an expression of the `index`-th elements of the inputs, which are named. */
function map(value: Value, names: readonly string[], expression: string, declarations?: string): Lowering {
  const bindings = Object.fromEntries(names.map((name, place) => [name, read(input(place), "vec4f")]));
  const kernel = mapElements({
    bindings: { ...bindings, result: write(output(0), "vec4f") },
    body: `result[index] = ${expression};`,
    over: "result",
    floats: elementCount(value.shape),
    declarations,
  });
  return { kernels: [kernel] };
}

/** A comparison that is false for a NaN lets it through. */
export const relu: LoweringRule<"relu"> = ({ outputs: [y] }) =>
  map(y!, ["x"], "select(x[index], vec4f(0), x[index] <= vec4f(0))");

export const reluGrad: LoweringRule<"reluGrad"> = ({ outputs: [dx] }) =>
  map(dx!, ["dy", "y"], "select(vec4f(0), dy[index], y[index] > vec4f(0))");

/** Density and distribution function of the normal distribution, the latter by Abramowitz and Stegun 7.1.26 (error below 1e-7). */
const normalDistribution = `
fn bell(x: vec4f) -> vec4f { return exp(-0.5f * x * x); }
fn phi(x: vec4f) -> vec4f {
  let t = 1f / (1f + ${float(0.3275911 * Math.SQRT1_2)} * abs(x));
  let series = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
  let tail = 0.5f * series * bell(x);
  return select(tail, 1f - tail, x > vec4f(0));
}`;

export const gelu: LoweringRule<"gelu"> = ({ outputs: [y] }) =>
  map(y!, ["x"], "x[index] * phi(x[index])", normalDistribution);

export const geluGrad: LoweringRule<"geluGrad"> = ({ outputs: [dx] }) => {
  const density = `${float(1 / Math.sqrt(2 * Math.PI))} * x[index] * bell(x[index])`;
  return map(dx!, ["dy", "x"], `dy[index] * (phi(x[index]) + ${density})`, normalDistribution);
};

export const add: LoweringRule<"add"> = ({ outputs: [y] }) => map(y!, ["a", "b"], "a[index] + b[index]");

export const scale: LoweringRule<"scale"> = ({ outputs: [y], attributes: { factor } }) =>
  map(y!, ["x"], `x[index] * ${float(factor)}`);

/** Terms beside the sum that one kernel adds: WebGPU promises eight arrays. */
const termsAtOnce = 7;

export const addN: LoweringRule<"addN"> = ({ inputs: terms, outputs: [y] }) => {
  const kernels = [];
  for (let first = 0; first < terms.length; first += termsAtOnce) {
    const names = range(Math.min(termsAtOnce, terms.length - first)).map((term) => `x${term}`);
    const bindings = names.map((name, term) => [name, read(input(first + term), "vec4f")] as const);
    const sum = names.map((name) => `${name}[index]`).join(" + ");
    kernels.push(
      mapElements({
        bindings: { ...Object.fromEntries(bindings), sum: write(output(0), "vec4f") },
        body: `sum[index] = ${first > 0 ? "sum[index] + " : ""}${sum};`,
        over: "sum",
        floats: elementCount(y!.shape),
      }),
    );
  }
  return { kernels };
};

function addRepeated(y: Value, period: number): Lowering {
  const kernel = mapElements({
    bindings: {
      x: read(input(0), "vec4f"),
      row: read(input(1), periodicElement(period)),
      result: write(output(0), "vec4f"),
    },
    body: `result[index] = x[index] + ${periodic("row", period)};`,
    over: "result",
    floats: elementCount(y.shape),
  });
  return { kernels: [kernel] };
}

export const biasAdd: LoweringRule<"biasAdd"> = ({ outputs: [y] }) => addRepeated(y!, y!.shape.at(-1)!);

export const addToBatch: LoweringRule<"addToBatch"> = ({ outputs: [y] }) =>
  addRepeated(y!, elementCount(y!.shape) / y!.shape[0]!);

export const tileBatch: LoweringRule<"tileBatch"> = ({ inputs: [x], outputs: [y] }) => {
  const period = elementCount(x!.shape);
  const kernel = mapElements({
    bindings: { x: read(input(0), periodicElement(period)), result: write(output(0), "vec4f") },
    body: `result[index] = ${periodic("x", period)};`,
    over: "result",
    floats: elementCount(y!.shape),
  });
  return { kernels: [kernel] };
};

/** dx[b, pixel, c] = dy[b, c] / pixels */
export const globalAveragePoolGrad: LoweringRule<"globalAveragePoolGrad"> = ({ outputs: [dx] }) => {
  const [, height, width, channels] = dx!.shape as [number, number, number, number];
  const image = height * width * channels;
  const at = (lane: number) => `at(4u * index + ${lane}u)`;
  const kernel = mapElements({
    bindings: { dy: read(input(0)), dx: write(output(0), "vec4f") },
    declarations: `fn at(i: u32) -> f32 { return dy[(i / ${image}u) * ${channels}u + i % ${channels}u]; }`,
    body: `dx[index] = ${float(1 / (height * width))} * vec4f(${range(4).map(at).join()});`,
    over: "dx",
    floats: elementCount(dx!.shape),
  });
  return { kernels: [kernel] };
};

export const softmaxCrossEntropyGrad: LoweringRule<"softmaxCrossEntropyGrad"> = ({ outputs: [dx] }) => {
  const classes = dx!.shape[1]!;
  const factors = range(4).map((lane) => `dloss[(4u * index + ${lane}u) / ${classes}u]`);
  const kernel = mapElements({
    bindings: { dlogits: read(input(0), "vec4f"), dloss: read(input(1)), dx: write(output(0), "vec4f") },
    body: `dx[index] = dlogits[index] * vec4f(${factors.join()});`,
    over: "dx",
    floats: elementCount(dx!.shape),
  });
  return { kernels: [kernel] };
};

export const meanGrad: LoweringRule<"meanGrad"> = ({ attributes: { size } }) => {
  const kernel = mapElements({
    bindings: { dy: read(input(0)), dx: write(output(0), "vec4f") },
    body: `dx[index] = vec4f(dy[0] * ${float(1 / size)});`,
    over: "dx",
    floats: size,
  });
  return { kernels: [kernel] };
};
