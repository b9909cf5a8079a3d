import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Expression, type Float, f32, f32x4, type Int, i32 } from "../assembler/instructions.js";

/** Arithmetic on one float or on four at once, so that a kernel is written once and also serves what is left over. */
export interface Lanes<Type extends "f32" | "v128"> {
  readonly type: Type;
  readonly floats: number;
  zero(): Expression<Type>;
  splat(value: Float): Expression<Type>;
  load(address: Int, offset?: number): Expression<Type>;
  store(f: FunctionBuilder, address: Int, value: Expression<Type>, offset?: number): void;
  add(a: Expression<Type>, b: Expression<Type>): Expression<Type>;
  sub(a: Expression<Type>, b: Expression<Type>): Expression<Type>;
  mul(a: Expression<Type>, b: Expression<Type>): Expression<Type>;
  div(a: Expression<Type>, b: Expression<Type>): Expression<Type>;
  sqrt(a: Expression<Type>): Expression<Type>;
}

const four: Lanes<"v128"> = {
  ...f32x4,
  type: "v128",
  floats: 4,
  zero: () => f32x4.const(0),
  store: (f, address, value, offset) => f.storeVector(address, value, offset),
};

const one: Lanes<"f32"> = {
  ...f32,
  type: "f32",
  floats: 1,
  zero: () => f32.const(0),
  splat: (value) => value,
  store: (f, address, value, offset) => f.storeFloat(address, value, offset),
};

/** The sum of the four lanes. */
function sumLanes(vector: Expression<"v128">): Float {
  return f32.add(f32.add(f32.lane(vector, 0), f32.lane(vector, 1)), f32.add(f32.lane(vector, 2), f32.lane(vector, 3)));
}

/** A running sum over floats of either width. */
export class RunningSum {
  readonly #parts: { readonly [Type in "f32" | "v128"]: Local<Type> };

  constructor(private readonly f: FunctionBuilder) {
    this.#parts = { v128: f.local("v128"), f32: f.local("f32") };
  }

  clear(): void {
    this.f.set(this.#parts.v128, four.zero());
    this.f.set(this.#parts.f32, one.zero());
  }

  add<Type extends "f32" | "v128">(lanes: Lanes<Type>, value: Expression<Type>): void {
    const part: Local<Type> = this.#parts[lanes.type];
    this.f.set(part, lanes.add(part, value));
  }

  total(): Float {
    return f32.add(sumLanes(this.#parts.v128), this.#parts.f32);
  }
}

/** Walks over `count` floats: whole vectors, then the rest one by one. The offset is in bytes. */
export function forFloats(
  f: FunctionBuilder,
  count: Int,
  body: <Type extends "f32" | "v128">(lanes: Lanes<Type>, offset: Int) => void,
): void {
  const whole = f.int(i32.and(count, -4));
  const offset = f.int(0);
  f.for(0, whole, 4, () => {
    body(four, offset);
    f.advance(offset, 16);
  });
  f.for(whole, count, 1, () => {
    body(one, offset);
    f.advance(offset, 4);
  });
}

/** Channels that one unit of a channel-wise kernel takes: a cache line of every row. */
export const channelsPerUnit = 16;

/**
 * Walks over the units begin … end of `channels`: a full unit at once in four vectors, a last partial one channel by channel.
 * The offset is that of the first channel in bytes; `vectors` counts the registers that the body must use.
 */
export function forChannels(
  f: FunctionBuilder,
  { begin, end, channels }: Readonly<Record<"begin" | "end" | "channels", Int>>,
  body: <Type extends "f32" | "v128">(lanes: Lanes<Type>, vectors: number, offset: Int) => void,
): void {
  f.for(begin, end, 1, (unit) => {
    const first = f.int(i32.mul(unit, channelsPerUnit));
    f.when(
      i32.lessThan(i32.add(first, channelsPerUnit - 1), channels),
      () => body(four, channelsPerUnit / four.floats, f.int(i32.shl(first, 2))),
      () => f.for(first, channels, 1, (channel) => body(one, 1, f.int(i32.shl(channel, 2)))),
    );
  });
}
