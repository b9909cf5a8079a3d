import type { VariableSpec } from "../../graph/graph.js";
import { elementCount } from "../../graph/shape.js";
import { fromTorchLayout, torchShape } from "../../weights/layout.js";

/**
 * The numbers of which the reference values were computed by an independent implementation (PyTorch in float64): a hash of a name
 * and an index, the same bits in Python and JavaScript, so that no weight file is needed.
 */
function streamWords(name: string): (index: number) => number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  const start = hash;
  return (index) => {
    let x = (start + Math.imul(index, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
}

/** In [−1, 1), exact in float32. */
function streamNumbers(name: string): (index: number) => number {
  const word = streamWords(name);
  return (index) => (word(index) >>> 8) / 8388608 - 1;
}

/** The reference weight `<seed>/<variable>` in PyTorch's layout. */
export function referenceWeightInTorchLayout(seed: string, variable: VariableSpec): Float32Array {
  const shape = torchShape(variable);
  const [factor, offset] = scaleOf(variable.name, shape);
  const number = streamNumbers(`${seed}/${variable.name}`);
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = factor * number(i) + offset;
  return data;
}

/** The reference weight in our layout. */
export function referenceWeight(seed: string, variable: VariableSpec): Float32Array {
  return fromTorchLayout(variable, referenceWeightInTorchLayout(seed, variable));
}

/** Chosen so that activations and gradients of the deep networks stay of order one. */
function scaleOf(name: string, shape: readonly number[]): [factor: number, offset: number] {
  const parts = name.split(".");
  const [module, last] = [parts.at(-2), parts.at(-1)];
  if (last === "running_var") return [0.5, 1];
  if (last === "running_mean") return [0.1, 0];
  if (name === "cls_token" || name === "pos_embed") return [0.2, 0];
  if (last === "bias") return [0.1, 0];
  if (shape.length === 1) return module === "bn3" ? [0.05, 0.25] : [0.2, 1];
  if (shape.length === 2) return [Math.sqrt(3 / shape[1]!), 0];
  const gain = module === "conv2" || module === "conv3" ? 1 : 2;
  return [Math.sqrt((3 * gain) / (shape[1]! * shape[2]! * shape[3]!)), 0];
}

/** Reference images, [count,size,size,3]: a random colour for each 16-pixel block plus noise. */
export function referenceImages(seed: string, count: number, size: number): Float32Array {
  const pixel = streamNumbers(`${seed}/input.pixel`);
  const block = streamNumbers(`${seed}/input.block`);
  const blocks = Math.ceil(size / 16);
  const images = new Float32Array(count * size * size * 3);
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < 3; channel++) {
      const plane = image * 3 + channel;
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const colour = block((plane * blocks + Math.floor(y / 16)) * blocks + Math.floor(x / 16));
          const noise = pixel((plane * size + y) * size + x);
          images[((image * size + y) * size + x) * 3 + channel] = colour + 0.5 * noise;
        }
      }
    }
  }
  return images;
}

/** One-hot rows of the reference labels. */
export function referenceTargets(seed: string, count: number, classes: number): Float32Array {
  const word = streamWords(`${seed}/labels`);
  const targets = new Float32Array(count * classes);
  for (let i = 0; i < count; i++) targets[i * classes + (word(i) % classes)] = 1;
  return targets;
}
