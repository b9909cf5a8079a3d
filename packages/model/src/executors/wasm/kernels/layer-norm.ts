import { f32, i32 } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";
import { sumRows } from "./column-sums.js";
import { forChannels, forFloats, RunningSum } from "./lanes.js";

/** Defines LayerNorm over the rows of x[rows, width] and its gradients. */
export function defineLayerNorm(module: ModuleBuilder): void {
  defineForward(module);
  defineGradientOfInput(module);
  defineGradientOfParameters(module);
}

/** A unit is a row. */
function defineForward(module: ModuleBuilder): void {
  const signature = {
    ...integers("x", "gamma", "beta", "y", "mean", "inverse", "width"),
    epsilon: "f32",
    ...integers("begin", "end"),
  } as const;
  module.define("layerNorm", signature, (f, { x, gamma, beta, y, mean, inverse, width, epsilon, begin, end }) => {
    const bytes = f.int(i32.shl(width, 2));
    const total = new RunningSum(f);
    const average = () => f.local("f32", f32.div(total.total(), f32.fromInt(width)));
    f.for(begin, end, 1, (row) => {
      const source = f.int(i32.add(x, i32.mul(row, bytes)));
      const target = f.int(i32.add(y, i32.mul(row, bytes)));
      total.clear();
      forFloats(f, width, (lanes, offset) => {
        total.add(lanes, lanes.load(i32.add(source, offset)));
      });
      const centre = average();
      total.clear();
      forFloats(f, width, (lanes, offset) => {
        const distance = f.local(lanes.type, lanes.sub(lanes.load(i32.add(source, offset)), lanes.splat(centre)));
        total.add(lanes, lanes.mul(distance, distance));
      });
      const factor = f.local("f32", f32.div(f32.const(1), f32.sqrt(f32.add(average(), epsilon))));
      f.storeFloat(i32.add(mean, i32.shl(row, 2)), centre);
      f.storeFloat(i32.add(inverse, i32.shl(row, 2)), factor);
      forFloats(f, width, (lanes, offset) => {
        const distance = lanes.sub(lanes.load(i32.add(source, offset)), lanes.splat(centre));
        const normal = lanes.mul(distance, lanes.splat(factor));
        const scaled = lanes.mul(normal, lanes.load(i32.add(gamma, offset)));
        lanes.store(f, i32.add(target, offset), lanes.add(scaled, lanes.load(i32.add(beta, offset))));
      });
    });
  });
}

/** dx = r·(d − mean d − x̂·mean(d·x̂)) with d = dy·γ and r = 1/σ; a unit is a row. */
function defineGradientOfInput(module: ModuleBuilder): void {
  const signature = integers("dy", "x", "gamma", "mean", "inverse", "dx", "width", "begin", "end");
  module.define("layerNormGradInput", signature, (f, { dy, x, gamma, mean, inverse, dx, width, begin, end }) => {
    const bytes = f.int(i32.shl(width, 2));
    const sums = new RunningSum(f);
    const products = new RunningSum(f);
    const average = (sum: RunningSum) => f.local("f32", f32.div(sum.total(), f32.fromInt(width)));
    f.for(begin, end, 1, (row) => {
      const start = f.int(i32.mul(row, bytes));
      const centre = f.local("f32", f32.load(i32.add(mean, i32.shl(row, 2))));
      const factor = f.local("f32", f32.load(i32.add(inverse, i32.shl(row, 2))));
      sums.clear();
      products.clear();
      forFloats(f, width, (lanes, offset) => {
        const place = f.int(i32.add(start, offset));
        const scaled = lanes.mul(lanes.load(i32.add(dy, place)), lanes.load(i32.add(gamma, offset)));
        const d = f.local(lanes.type, scaled);
        const distance = lanes.sub(lanes.load(i32.add(x, place)), lanes.splat(centre));
        sums.add(lanes, d);
        products.add(lanes, lanes.mul(d, distance));
      });
      const shift = average(sums);
      const slope = f.local("f32", f32.mul(f32.mul(factor, factor), average(products)));
      forFloats(f, width, (lanes, offset) => {
        const place = f.int(i32.add(start, offset));
        const d = lanes.mul(lanes.load(i32.add(dy, place)), lanes.load(i32.add(gamma, offset)));
        const distance = lanes.sub(lanes.load(i32.add(x, place)), lanes.splat(centre));
        const rest = lanes.sub(lanes.sub(d, lanes.splat(shift)), lanes.mul(distance, lanes.splat(slope)));
        lanes.store(f, i32.add(dx, place), lanes.mul(rest, lanes.splat(factor)));
      });
    });
  });
}

/** dγ = Σ dy·x̂ and dβ = Σ dy over all rows; a unit is 16 columns. */
function defineGradientOfParameters(module: ModuleBuilder): void {
  const signature = integers("dy", "x", "mean", "inverse", "dgamma", "dbeta", "rows", "channels", "begin", "end");
  module.define("layerNormGradParameters", signature, (f, p) => {
    const rowBytes = f.int(i32.shl(p.channels, 2));
    const fromX = f.int(i32.sub(p.dy, p.x));
    forChannels(f, p, (lanes, vectors, offset) => {
      const gradient = f.local(lanes.type);
      const row = f.int(-4);
      const place = { vectors, rows: p.rows, rowBytes, offset: i32.add(p.x, offset) };
      const [sums, products] = sumRows(f, lanes, place, 2, (position, register) => {
        if (register === 0) f.advance(row, 4);
        f.set(gradient, lanes.load(i32.add(position, fromX), 16 * register));
        const centre = lanes.splat(f32.load(i32.add(p.mean, row)));
        const normal = lanes.mul(
          lanes.sub(lanes.load(position, 16 * register), centre),
          lanes.splat(f32.load(i32.add(p.inverse, row))),
        );
        return [gradient, lanes.mul(gradient, normal)];
      });
      for (let register = 0; register < vectors; register++) {
        lanes.store(f, i32.add(p.dbeta, offset), sums![register]!, 16 * register);
        lanes.store(f, i32.add(p.dgamma, offset), products![register]!, 16 * register);
      }
    });
  });
}
