import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { f32x4, i32, type Vector } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";
import { forUnits } from "./elementwise.js";
import { forFloats, RunningSum } from "./lanes.js";

/** Evaluates Σ coefficient[i]·xⁱ, highest power first. */
function polynomial(x: Vector, coefficients: readonly number[]): Vector {
  const [first, ...rest] = coefficients;
  return rest.reduce<Vector>((sum, c) => f32x4.add(f32x4.mul(sum, x), f32x4.const(c)), f32x4.const(first!));
}

/**
 * eˣ to about 1 unit in the last place for x in [−87, 88], outside clamped: 2ⁿ·e^r with |r| ≤ ln2/2, ln 2 in two parts so that r is exact,
 * e^r by the polynomial of Cephes' expf.
 */
function exponential(f: FunctionBuilder, x: Vector): Local<"v128"> {
  const clamped = f.local("v128", f32x4.max(f32x4.min(x, f32x4.const(88)), f32x4.const(-87)));
  const n = f.local("v128", f32x4.nearest(f32x4.mul(clamped, f32x4.const(Math.LOG2E))));
  const high = f32x4.sub(clamped, f32x4.mul(n, f32x4.const(0.693359375)));
  const r = f.local("v128", f32x4.add(high, f32x4.mul(n, f32x4.const(2.1219444e-4))));
  const tail = polynomial(
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const power = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), tail), r), f32x4.const(1));
  const exponent = f32x4.shiftLeftInt(f32x4.addInt(f32x4.toInt(n), f32x4.constInt(127)), 23);
  return f.local("v128", f32x4.mul(power, exponent));
}

/** e^(−x²/2) and Φ(x), the normal distribution, by Abramowitz and Stegun 7.1.26 (error below 1e-7). */
function normalDistribution(f: FunctionBuilder, x: Vector): { bell: Vector; phi: Vector } {
  const bell = exponential(f, f32x4.mul(f32x4.mul(x, x), f32x4.const(-0.5)));
  const z = f32x4.mul(f32x4.abs(x), f32x4.const(0.3275911 * Math.SQRT1_2));
  const t = f.local("v128", f32x4.div(f32x4.const(1), f32x4.add(z, f32x4.const(1))));
  const erfc = f32x4.mul(polynomial(t, [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]), t);
  const tail = f.local("v128", f32x4.mul(f32x4.mul(erfc, bell), f32x4.const(0.5)));
  const positive = f32x4.greaterThan(x, f32x4.const(0));
  return { bell, phi: f32x4.bitSelect(f32x4.sub(f32x4.const(1), tail), tail, positive) };
}

/** Defines GELU, its gradient, and the gradient of the softmax. */
export function defineActivation(module: ModuleBuilder): void {
  module.define("gelu", integers("x", "y", "begin", "end"), (f, { x, y, begin, end }) => {
    forUnits(f, begin, end, (offset) => {
      const value = f.local("v128", f32x4.load(i32.add(x, offset)));
      const { phi } = normalDistribution(f, value);
      f.storeVector(i32.add(y, offset), f32x4.mul(value, phi));
    });
  });

  // dy·(Φ(x) + x·φ(x))
  module.define("geluGrad", integers("dy", "x", "dx", "begin", "end"), (f, { dy, x, dx, begin, end }) => {
    forUnits(f, begin, end, (offset) => {
      const value = f.local("v128", f32x4.load(i32.add(x, offset)));
      const { bell, phi } = normalDistribution(f, value);
      const density = f32x4.mul(f32x4.mul(value, bell), f32x4.const(1 / Math.sqrt(2 * Math.PI)));
      const slope = f32x4.add(phi, density);
      f.storeVector(i32.add(dx, offset), f32x4.mul(f32x4.load(i32.add(dy, offset)), slope));
    });
  });

  // y·(dy − Σ dy·y) for each row; a unit is a row
  module.define("softmaxGrad", integers("dy", "y", "dx", "width", "begin", "end"), (f, p) => {
    const bytes = f.int(i32.shl(p.width, 2));
    const total = new RunningSum(f);
    f.for(p.begin, p.end, 1, (row) => {
      const start = f.int(i32.mul(row, bytes));
      total.clear();
      forFloats(f, p.width, (lanes, offset) => {
        const place = f.int(i32.add(start, offset));
        const product = lanes.mul(lanes.load(i32.add(p.dy, place)), lanes.load(i32.add(p.y, place)));
        total.add(lanes, product);
      });
      const sum = f.local("f32", total.total());
      forFloats(f, p.width, (lanes, offset) => {
        const place = f.int(i32.add(start, offset));
        const distance = lanes.sub(lanes.load(i32.add(p.dy, place)), lanes.splat(sum));
        lanes.store(f, i32.add(p.dx, place), lanes.mul(distance, lanes.load(i32.add(p.y, place))));
      });
    });
  });
}
