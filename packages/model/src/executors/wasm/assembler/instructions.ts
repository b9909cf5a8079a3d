import { float32, signed, unsigned } from "./encoding.js";

/** Value types by their encoding in a module. */
export const valueTypes = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;

/** Code that leaves one value of `type` on the stack. */
export interface Expression<Type extends ValueType = ValueType> {
  readonly type: Type;
  readonly code: readonly number[];
}

export type Int = Expression<"i32">;
export type Float = Expression<"f32">;
export type Vector = Expression<"v128">;

/** An integer operand: code, or a number that becomes a constant. */
export type IntOperand = Int | number;

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

function expression<Type extends ValueType>(type: Type, ...code: readonly (readonly number[])[]): Expression<Type> {
  return { type, code: code.flat() };
}

const integer = (operand: IntOperand): Int => (typeof operand === "number" ? i32.const(operand) : operand);

const intBinary = (opcode: number) => (a: IntOperand, b: IntOperand) =>
  expression("i32", integer(a).code, integer(b).code, [opcode]);
const floatBinary = (opcode: number) => (a: Float, b: Float) => expression("f32", a.code, b.code, [opcode]);
const floatUnary = (opcode: number) => (a: Float) => expression("f32", a.code, [opcode]);
const floatCompare = (opcode: number) => (a: Float, b: Float) => expression("i32", a.code, b.code, [opcode]);
const vectorBinary = (opcode: number) => (a: Vector, b: Vector) => expression("v128", a.code, b.code, simd(opcode));
const vectorUnary = (opcode: number) => (a: Vector) => expression("v128", a.code, simd(opcode));

/** Alignment hints of one byte: an access may be unaligned and costs the same on the engines we meet. */
const access = (offset: number): number[] => [0, ...unsigned(offset)];

/** 32-bit integers: addresses and counts. */
export const i32 = {
  const: (value: number): Int => expression("i32", [0x41], signed(value)),
  add: intBinary(0x6a),
  sub: intBinary(0x6b),
  mul: intBinary(0x6c),
  divideUnsigned: intBinary(0x6e),
  remainderUnsigned: intBinary(0x70),
  and: intBinary(0x71),
  shl: intBinary(0x74),
  lessThan: intBinary(0x48),
  lessThanUnsigned: intBinary(0x49),
  equal: intBinary(0x46),
  load: (address: Int, offset = 0): Int => expression("i32", address.code, [0x28], access(offset)),
  /** `condition` ≠ 0 ? a : b */
  select: (a: IntOperand, b: IntOperand, condition: Int): Int =>
    expression("i32", integer(a).code, integer(b).code, condition.code, [0x1b]),
};

/** Single floats. */
export const f32 = {
  const: (value: number): Float => expression("f32", [0x43], float32(value)),
  add: floatBinary(0x92),
  sub: floatBinary(0x93),
  mul: floatBinary(0x94),
  div: floatBinary(0x95),
  max: floatBinary(0x97),
  /** Of a signed integer. */
  fromInt: (value: Int): Float => expression("f32", value.code, [0xb2]),
  sqrt: floatUnary(0x91),
  equal: floatCompare(0x5b),
  load: (address: Int, offset = 0): Float => expression("f32", address.code, [0x2a], access(offset)),
  /** Lane 0 … 3 of a vector. */
  lane: (vector: Vector, lane: number): Float => expression("f32", vector.code, simd(0x1f), [lane]),
};

/** Four 32-bit floats unless the name says otherwise. */
export const f32x4 = {
  splat: (value: Float): Vector => expression("v128", value.code, simd(0x13)),
  const: (value: number): Vector => expression("v128", simd(0x0c), [value, value, value, value].flatMap(float32)),
  constInt: (value: number): Vector =>
    expression("v128", simd(0x0c), [...new Uint8Array(Int32Array.of(value, value, value, value).buffer)]),
  load: (address: Int, offset = 0): Vector => expression("v128", address.code, simd(0x00), access(offset)),
  loadSplat: (address: Int, offset = 0): Vector => expression("v128", address.code, simd(0x09), access(offset)),
  add: vectorBinary(0xe4),
  sub: vectorBinary(0xe5),
  mul: vectorBinary(0xe6),
  div: vectorBinary(0xe7),
  /** b where a < b, else a: one instruction, and NaN in `a` stays NaN. */
  max: vectorBinary(0xeb),
  /** b where b < a, else a */
  min: vectorBinary(0xea),
  sqrt: vectorUnary(0xe3),
  abs: vectorUnary(0xe0),
  nearest: vectorUnary(0x6a),
  greaterThan: vectorBinary(0x44),
  equal: vectorBinary(0x41),
  and: vectorBinary(0x4e),
  /** a where the bit of b is zero */
  andNot: vectorBinary(0x4f),
  /** a where the bit of `mask` is one, else b */
  bitSelect: (a: Vector, b: Vector, mask: Vector): Vector => expression("v128", a.code, b.code, mask.code, simd(0x52)),
  /** Saturating conversion to four 32-bit integers. */
  toInt: vectorUnary(0xf8),
  addInt: vectorBinary(0xae),
  shiftLeftInt: (a: Vector, bits: number): Vector => expression("v128", a.code, i32.const(bits).code, simd(0xab)),
  /** Lanes 0 … 3 name those of `a`, 4 … 7 those of `b`. */
  shuffle: (a: Vector, b: Vector, lanes: readonly [number, number, number, number]): Vector =>
    expression(
      "v128",
      a.code,
      b.code,
      simd(0x0d),
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    ),
  /** a · b + c, rounded once where the processor has a fused instruction (relaxed SIMD). */
  relaxedMultiplyAdd: (a: Vector, b: Vector, c: Vector): Vector =>
    expression("v128", a.code, b.code, c.code, simd(0x105)),
};
