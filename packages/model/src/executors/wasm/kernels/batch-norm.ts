import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Expression, type Float, f32, type Int, i32 } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";
import { sumRows } from "./column-sums.js";
import { forChannels, type Lanes } from "./lanes.js";

const range = integers("rows", "channels", "begin", "end");

/** Registers of one unit's channels loaded from a vector of statistics. */
function loadChannels<Type extends "f32" | "v128">(
  f: FunctionBuilder,
  lanes: Lanes<Type>,
  vectors: number,
  address: Int,
): Local<Type>[] {
  return Array.from({ length: vectors }, (_, register) =>
    f.local(lanes.type, lanes.load(address, 16 * register) as Expression<Type>),
  );
}

function forRows(f: FunctionBuilder, rows: Int, rowBytes: Int, offset: Int, body: (position: Int) => void): void {
  const position = f.int(offset);
  f.for(0, rows, 1, () => {
    body(position);
    f.advance(position, rowBytes);
  });
}

/**
 * Defines BatchNorm over x[rows, channels] with the batch's own statistics and with given ones, and both gradients. A unit is 16
 * channels of all rows, so threads share nothing. The variance is summed around the mean, in a pass of its own.
 */
export function defineBatchNorm(module: ModuleBuilder): void {
  defineTraining(module);
  defineTrainingGradient(module);
  defineInference(module);
  defineInferenceGradient(module);
}

function defineTraining(module: ModuleBuilder): void {
  const signature = {
    ...integers("x", "gamma", "beta", "y"),
    ...integers("mean", "unbiasedVariance", "savedMean", "savedInverse"),
    epsilon: "f32",
    ...range,
  } as const;
  module.define("batchNormTrain", signature, (f, p) => {
    const rowBytes = f.int(i32.shl(p.channels, 2));
    const count = f.local("f32", f32.fromInt(p.rows));
    // One row has no unbiased variance: divide by one instead of by zero.
    const freedom = f.local("f32", f32.max(f32.sub(count, f32.const(1)), f32.const(1)));
    forChannels(f, p, (lanes, vectors, offset) => {
      const place = { vectors, rows: p.rows, rowBytes, offset: i32.add(p.x, offset) };
      const [sums] = sumRows(f, lanes, place, 1, (position, register) => [lanes.load(position, 16 * register)]);
      const means = sums!.map((sum) => f.local(lanes.type, lanes.div(sum, lanes.splat(count))));
      const centred = f.local(lanes.type);
      const [squares] = sumRows(f, lanes, place, 1, (position, register) => {
        f.set(centred, lanes.sub(lanes.load(position, 16 * register), means[register]!));
        return [lanes.mul(centred, centred)];
      });
      const factors = squares!.map((square, register) => {
        const variance = lanes.div(square, lanes.splat(count));
        const deviation = lanes.sqrt(lanes.add(variance, lanes.splat(p.epsilon)));
        const inverse = f.local(lanes.type, lanes.div(lanes.splat(f32.const(1)), deviation));
        const store = (address: Int, value: Expression<typeof lanes.type>) =>
          lanes.store(f, i32.add(address, offset), value, 16 * register);
        store(p.mean, means[register]!);
        store(p.savedMean, means[register]!);
        store(p.savedInverse, inverse);
        store(p.unbiasedVariance, lanes.div(square, lanes.splat(freedom)));
        return f.local(lanes.type, lanes.mul(inverse, lanes.load(i32.add(p.gamma, offset), 16 * register)));
      });
      const betas = loadChannels(f, lanes, vectors, i32.add(p.beta, offset));
      const target = f.int(i32.sub(p.y, p.x));
      forRows(f, p.rows, rowBytes, i32.add(p.x, offset), (position) => {
        for (let register = 0; register < vectors; register++) {
          const value = lanes.sub(lanes.load(position, 16 * register), means[register]!);
          const scaled = lanes.add(lanes.mul(value, factors[register]!), betas[register]!);
          lanes.store(f, i32.add(position, target), scaled, 16 * register);
        }
      });
    });
  });
}

/** dx = γ·r·(dy − Σdy/M − x̂·Σ(dy·x̂)/M), dγ = Σ dy·x̂, dβ = Σ dy, with r = 1/σ and x̂ = (x − μ)·r. */
function defineTrainingGradient(module: ModuleBuilder): void {
  const signature = {
    ...integers("dy", "x", "gamma", "savedMean", "savedInverse"),
    ...integers("dx", "dgamma", "dbeta"),
    ...range,
  } as const;
  module.define("batchNormTrainGrad", signature, (f, p) => {
    const rowBytes = f.int(i32.shl(p.channels, 2));
    const count = f.local("f32", f32.fromInt(p.rows));
    const fromX = f.int(i32.sub(p.dy, p.x));
    const toDx = f.int(i32.sub(p.dx, p.x));
    forChannels(f, p, (lanes, vectors, offset) => {
      const means = loadChannels(f, lanes, vectors, i32.add(p.savedMean, offset));
      const gradient = f.local(lanes.type);
      const place = { vectors, rows: p.rows, rowBytes, offset: i32.add(p.x, offset) };
      const [sums, products] = sumRows(f, lanes, place, 2, (position, register) => {
        f.set(gradient, lanes.load(i32.add(position, fromX), 16 * register));
        return [gradient, lanes.mul(gradient, lanes.sub(lanes.load(position, 16 * register), means[register]!))];
      });
      const factors: Local<typeof lanes.type>[] = [];
      const slopes: Local<typeof lanes.type>[] = [];
      const shifts: Local<typeof lanes.type>[] = [];
      for (let register = 0; register < vectors; register++) {
        const sum = sums![register]!;
        const product = products![register]!;
        const inverse = f.local(lanes.type, lanes.load(i32.add(p.savedInverse, offset), 16 * register));
        lanes.store(f, i32.add(p.dbeta, offset), sum, 16 * register);
        lanes.store(f, i32.add(p.dgamma, offset), lanes.mul(product, inverse), 16 * register);
        const gamma = lanes.load(i32.add(p.gamma, offset), 16 * register);
        factors.push(f.local(lanes.type, lanes.mul(gamma, inverse)));
        const curvature = lanes.mul(lanes.mul(inverse, inverse), product);
        slopes.push(f.local(lanes.type, lanes.div(curvature, lanes.splat(count))));
        shifts.push(f.local(lanes.type, lanes.div(sum, lanes.splat(count))));
      }
      forRows(f, p.rows, rowBytes, i32.add(p.x, offset), (position) => {
        for (let register = 0; register < vectors; register++) {
          const centred = lanes.sub(lanes.load(position, 16 * register), means[register]!);
          const own = lanes.sub(lanes.load(i32.add(position, fromX), 16 * register), shifts[register]!);
          const value = lanes.mul(lanes.sub(own, lanes.mul(centred, slopes[register]!)), factors[register]!);
          lanes.store(f, i32.add(position, toDx), value, 16 * register);
        }
      });
    });
  });
}

/** γ / √(variance + ε) of one register's channels. */
function inferenceFactor<Type extends "f32" | "v128">(
  lanes: Lanes<Type>,
  p: { readonly gamma: Int; readonly variance: Int; readonly epsilon: Float },
  offset: Int,
  register: number,
): Expression<Type> {
  const variance = lanes.load(i32.add(p.variance, offset), 16 * register);
  const deviation = lanes.sqrt(lanes.add(variance, lanes.splat(p.epsilon)));
  return lanes.div(lanes.load(i32.add(p.gamma, offset), 16 * register), deviation);
}

function defineInference(module: ModuleBuilder): void {
  const signature = {
    ...integers("x", "gamma", "beta", "mean", "variance", "y"),
    epsilon: "f32",
    ...range,
  } as const;
  module.define("batchNormInference", signature, (f, p) => {
    const rowBytes = f.int(i32.shl(p.channels, 2));
    const target = f.int(i32.sub(p.y, p.x));
    forChannels(f, p, (lanes, vectors, offset) => {
      const means = loadChannels(f, lanes, vectors, i32.add(p.mean, offset));
      const betas = loadChannels(f, lanes, vectors, i32.add(p.beta, offset));
      const factors = means.map((_, register) =>
        f.local(lanes.type, inferenceFactor(lanes, p, offset, register) as Expression<typeof lanes.type>),
      );
      forRows(f, p.rows, rowBytes, i32.add(p.x, offset), (position) => {
        for (let register = 0; register < vectors; register++) {
          const value = lanes.sub(lanes.load(position, 16 * register), means[register]!);
          const scaled = lanes.add(lanes.mul(value, factors[register]!), betas[register]!);
          lanes.store(f, i32.add(position, target), scaled, 16 * register);
        }
      });
    });
  });
}

function defineInferenceGradient(module: ModuleBuilder): void {
  const signature = {
    ...integers("dy", "x", "gamma", "mean", "variance"),
    ...integers("dx", "dgamma", "dbeta"),
    epsilon: "f32",
    ...range,
  } as const;
  module.define("batchNormInferenceGrad", signature, (f, p) => {
    const rowBytes = f.int(i32.shl(p.channels, 2));
    const fromX = f.int(i32.sub(p.dy, p.x));
    const toDx = f.int(i32.sub(p.dx, p.x));
    forChannels(f, p, (lanes, vectors, offset) => {
      const means = loadChannels(f, lanes, vectors, i32.add(p.mean, offset));
      const factors = means.map((_, register) =>
        f.local(lanes.type, inferenceFactor(lanes, p, offset, register) as Expression<typeof lanes.type>),
      );
      const gradient = f.local(lanes.type);
      const place = { vectors, rows: p.rows, rowBytes, offset: i32.add(p.x, offset) };
      const [sums, products] = sumRows(f, lanes, place, 2, (position, register) => {
        f.set(gradient, lanes.load(i32.add(position, fromX), 16 * register));
        const centred = f.local(lanes.type, lanes.sub(lanes.load(position, 16 * register), means[register]!));
        lanes.store(f, i32.add(position, toDx), lanes.mul(gradient, factors[register]!), 16 * register);
        return [gradient, lanes.mul(gradient, centred)];
      });
      for (let register = 0; register < vectors; register++) {
        lanes.store(f, i32.add(p.dbeta, offset), sums![register]!, 16 * register);
        const variance = lanes.load(i32.add(p.variance, offset), 16 * register);
        const deviation = lanes.sqrt(lanes.add(variance, lanes.splat(p.epsilon)));
        lanes.store(f, i32.add(p.dgamma, offset), lanes.div(products![register]!, deviation), 16 * register);
      }
    });
  });
}
