import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Expression, type Float, f32, f32x4, type Int, i32, type Vector } from "../assembler/instructions.js";
import { integers, type ModuleBuilder } from "../assembler/module-builder.js";
import { forUnits } from "./elementwise.js";

const splat = (f: FunctionBuilder, value: Float): Local<"v128"> => f.local("v128", f32x4.splat(value));

/** Defines the weight updates and the moving averages. Scalars that change from step to step are read from memory. */
export function defineOptimizers(module: ModuleBuilder): void {
  defineMomentum(module);
  defineAdamW(module);
  module.define(
    "moveAverage",
    { ...integers("variable", "value"), momentum: "f32", ...integers("begin", "end") },
    (f, { variable, value, momentum, begin, end }) => moveTo(f, { variable, value, begin, end }, momentum),
  );
  module.define("averageWeights", integers("average", "weight", "share", "begin", "end"), (f, p) =>
    moveTo(f, { variable: p.average!, value: p.weight!, begin: p.begin!, end: p.end! }, f32.load(p.share!)),
  );
}

/** variable -= share · (variable − value) */
function moveTo(
  f: FunctionBuilder,
  { variable, value, begin, end }: Readonly<Record<"variable" | "value" | "begin" | "end", Int>>,
  share: Float,
): void {
  const shares = splat(f, share);
  forUnits(f, begin, end, (offset) => {
    const address = f.int(i32.add(variable, offset));
    const old = f.local("v128", f32x4.load(address));
    const distance = f32x4.sub(old, f32x4.load(i32.add(value, offset)));
    f.storeVector(address, f32x4.sub(old, f32x4.mul(distance, shares)));
  });
}

/**
 * v = momentum·v + (scale·g + decay·w); w -= rate·v, or by Nesterov w -= rate·(scale·g + decay·w + momentum·v), as in PyTorch, with the
 * learning rate times `rateScale` as rate.
 */
function defineMomentum(module: ModuleBuilder): void {
  const signature = {
    ...integers("weight", "velocity", "gradient", "learningRate", "gradientScale", "nesterov"),
    ...({ momentum: "f32", decay: "f32", rateScale: "f32" } as const),
    ...integers("begin", "end"),
  };
  module.define("applyMomentum", signature, (f, p) => {
    const rate = splat(f, f32.mul(f32.load(p.learningRate), p.rateScale));
    const scale = splat(f, f32.load(p.gradientScale));
    const momentum = splat(f, p.momentum);
    const decay = splat(f, p.decay);
    forUnits(f, p.begin, p.end, (offset) => {
      const weightAddress = f.int(i32.add(p.weight, offset));
      const velocityAddress = f.int(i32.add(p.velocity, offset));
      const weight = f.local("v128", f32x4.load(weightAddress));
      const gradient = f.local(
        "v128",
        f32x4.add(f32x4.mul(scale, f32x4.load(i32.add(p.gradient, offset))), f32x4.mul(decay, weight)),
      );
      const velocity = f.local("v128", f32x4.add(f32x4.mul(momentum, f32x4.load(velocityAddress)), gradient));
      f.storeVector(velocityAddress, velocity);
      const step = f.local("v128", velocity);
      f.when(p.nesterov, () => f.set(step, f32x4.add(gradient, f32x4.mul(momentum, velocity))));
      f.storeVector(weightAddress, f32x4.sub(weight, f32x4.mul(rate, step)));
    });
  });
}

/**
 * AdamW as in PyTorch: w -= rate·decay·w; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; w -= rate/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 * `corrections` holds rate/(1−β₁ᵗ) and 1/√(1−β₂ᵗ); the shares are 1−β, rounded once: 1 − 0.999 in single precision is 1e-5 off.
 */
function defineAdamW(module: ModuleBuilder): void {
  const signature = {
    ...integers("weight", "first", "second", "gradient", "learningRate", "gradientScale", "corrections"),
    ...({ beta1: "f32", share1: "f32", beta2: "f32", share2: "f32", epsilon: "f32", decay: "f32" } as const),
    ...integers("begin", "end"),
  };
  module.define("applyAdamW", signature, (f, p) => {
    const one = f32.const(1);
    const scale = splat(f, f32.load(p.gradientScale));
    const keep = splat(f, f32.sub(one, f32.mul(f32.load(p.learningRate), p.decay)));
    const rate = splat(f, f32.load(p.corrections));
    const deviation = splat(f, f32.load(p.corrections, 4));
    const epsilon = splat(f, p.epsilon);
    const beta1 = splat(f, p.beta1);
    const share1 = splat(f, p.share1);
    const beta2 = splat(f, p.beta2);
    const share2 = splat(f, p.share2);
    const mix = (address: Expression<"i32">, beta: Vector, share: Vector, value: Vector): Local<"v128"> => {
      const old = f32x4.mul(f32x4.load(address), beta);
      const mixed = f.local("v128", f32x4.add(old, f32x4.mul(value, share)));
      f.storeVector(address, mixed);
      return mixed;
    };
    forUnits(f, p.begin, p.end, (offset) => {
      const address = f.int(i32.add(p.weight, offset));
      const gradient = f.local("v128", f32x4.mul(scale, f32x4.load(i32.add(p.gradient, offset))));
      const first = mix(f.int(i32.add(p.first, offset)), beta1, share1, gradient);
      const second = mix(f.int(i32.add(p.second, offset)), beta2, share2, f32x4.mul(gradient, gradient));
      const spread = f32x4.add(f32x4.mul(f32x4.sqrt(second), deviation), epsilon);
      const step = f32x4.div(f32x4.mul(rate, first), spread);
      f.storeVector(address, f32x4.sub(f32x4.mul(f32x4.load(address), keep), step));
    });
  });
}
