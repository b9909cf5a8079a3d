import type { Shape } from "../../../graph/operation.js";
import { elementCount } from "../../../graph/shape.js";
import { input, type LoweringRule, output, read, write } from "./lowering.js";
import { shader } from "./shader.js";

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** Functions that read a window as the operation says: outside the image lies a zero. */
function windowFunctions(x: Shape, { stride, pad }: Window): string {
  const [, height, width, channels] = x as [number, number, number, number];
  return `fn isNan(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u; }
fn at(image: u32, row: u32, column: u32, channel: u32, i: u32, j: u32) -> f32 {
  let y = i32(row * ${stride}u + i) - ${pad};
  let z = i32(column * ${stride}u + j) - ${pad};
  if (y < 0 || y >= ${height} || z < 0 || z >= ${width}) { return 0f; }
  return x[((image * ${height}u + u32(y)) * ${width}u + u32(z)) * ${channels}u + channel];
}`;
}

/** Names the coordinates of element `index` of a value [B,H,W,C]. */
function coordinates([, height, width, channels]: Shape): string {
  return `let channel = index % ${channels}u;
  let column = (index / ${channels}u) % ${width}u;
  let row = (index / ${channels! * width!}u) % ${height}u;
  let image = index / ${channels! * width! * height!}u;`;
}

export const maxPool: LoweringRule<"maxPool"> = ({ inputs: [x], outputs: [y], attributes }) => {
  const { size } = attributes;
  const elements = elementCount(y!.shape);
  const kernel = shader({
    bindings: { x: read(input(0)), y: write(output(0)) },
    workgroups: Math.ceil(elements / 256),
    work: elements * size * size,
    declarations: windowFunctions(x!.shape, attributes),
    body: `if (index >= ${elements}u) { return; }
  ${coordinates(y!.shape)}
  var largest = at(image, row, column, channel, 0u, 0u);
  for (var i = 0u; i < ${size}u; i++) {
    for (var j = 0u; j < ${size}u; j++) {
      let value = at(image, row, column, channel, i, j);
      if (value > largest || isNan(value)) { largest = value; }
    }
  }
  y[index] = largest;`,
  });
  return { kernels: [kernel] };
};

/** Each pixel collects from the windows of which it is the first largest element. */
export const maxPoolGrad: LoweringRule<"maxPoolGrad"> = ({ inputs: [x, y], attributes }) => {
  const { size, stride, pad } = attributes;
  const elements = elementCount(x!.shape);
  const [, height, width, channels] = y!.shape as [number, number, number, number];
  const kernel = shader({
    bindings: { x: read(input(0)), y: read(input(1)), dy: read(input(2)), dx: write(output(0)) },
    workgroups: Math.ceil(elements / 256),
    work: elements * size * size,
    declarations: `${windowFunctions(x!.shape, attributes)}
fn isFirst(image: u32, row: u32, column: u32, channel: u32, place: u32, largest: f32) -> bool {
  for (var before = 0u; before < place; before++) {
    if (at(image, row, column, channel, before / ${size}u, before % ${size}u) == largest) { return false; }
  }
  return true;
}`,
    body: `if (index >= ${elements}u) { return; }
  ${coordinates(x!.shape)}
  let value = x[index];
  var sum = 0f;
  for (var i = (row + ${pad}u) % ${stride}u; i < ${size}u && i <= row + ${pad}u; i += ${stride}u) {
    let windowRow = (row + ${pad}u - i) / ${stride}u;
    if (windowRow >= ${height}u) { continue; }
    for (var j = (column + ${pad}u) % ${stride}u; j < ${size}u && j <= column + ${pad}u; j += ${stride}u) {
      let windowColumn = (column + ${pad}u - j) / ${stride}u;
      if (windowColumn >= ${width}u) { continue; }
      let place = ((image * ${height}u + windowRow) * ${width}u + windowColumn) * ${channels}u + channel;
      if (value == y[place] && isFirst(image, windowRow, windowColumn, channel, i * ${size}u + j, value)) { sum += dy[place]; }
    }
  }
  dx[index] = sum;`,
  });
  return { kernels: [kernel] };
};
