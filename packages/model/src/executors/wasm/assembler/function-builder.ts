import { unsigned } from "./encoding.js";
import {
  type Expression,
  type Float,
  type Int,
  type IntOperand,
  i32,
  type ValueType,
  type Vector,
  valueTypes,
} from "./instructions.js";
import type { FunctionReference, Signature } from "./module-builder.js";

/** A local variable; used as an expression it reads itself. */
export interface Local<Type extends ValueType = ValueType> extends Expression<Type> {
  readonly index: number;
}

/** Collects the locals and the statements of one function, which takes integers and returns nothing. */
export class FunctionBuilder {
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(readonly parameters: readonly ValueType[]) {}

  parameter<Type extends ValueType>(index: number, type: Type): Local<Type> {
    return { type, index, code: [0x20, ...unsigned(index)] };
  }

  /** Declares a local; `initial` is assigned here. */
  local<Type extends ValueType>(type: Type, initial?: Expression<Type>): Local<Type> {
    this.#locals.push(type);
    const local = this.parameter(this.parameters.length + this.#locals.length - 1, type);
    if (initial) this.set(local, initial);
    return local;
  }

  int(initial: IntOperand): Local<"i32"> {
    return this.local("i32", typeof initial === "number" ? i32.const(initial) : initial);
  }

  set<Type extends ValueType>(local: Local<Type>, value: Expression<Type>): void {
    this.#code.push(...value.code, 0x21, ...unsigned(local.index));
  }

  /** local += amount */
  advance(local: Local<"i32">, amount: IntOperand): void {
    this.set(local, i32.add(local, amount));
  }

  storeVector(address: Int, value: Vector, offset = 0): void {
    this.#code.push(...address.code, ...value.code, 0xfd, 0x0b, 0, ...unsigned(offset));
  }

  storeFloat(address: Int, value: Float, offset = 0): void {
    this.#code.push(...address.code, ...value.code, 0x38, 0, ...unsigned(offset));
  }

  storeInt(address: Int, value: Int, offset = 0): void {
    this.#code.push(...address.code, ...value.code, 0x36, 0, ...unsigned(offset));
  }

  /** Fills `bytes` bytes at `address` with zeros. */
  fillZero(address: Int, bytes: Int): void {
    this.#code.push(...address.code, ...i32.const(0).code, ...bytes.code, 0xfc, 0x0b, 0);
  }

  /** Copies `bytes` bytes; the ranges may overlap. */
  copy(target: Int, source: Int, bytes: Int): void {
    this.#code.push(...target.code, ...source.code, ...bytes.code, 0xfc, 0x0a, 0, 0);
  }

  /** Calls a function defined before; one argument for each parameter, in any order. */
  call<Of extends Signature>(
    { index, signature }: FunctionReference<Of>,
    parameters: { readonly [Name in keyof Of]: Expression<Of[Name]> | (Of[Name] extends "i32" ? number : never) },
  ): void {
    for (const name of Object.keys(signature)) {
      const argument = parameters[name]!;
      this.#code.push(...(typeof argument === "number" ? i32.const(argument) : argument).code);
    }
    this.#code.push(0x10, ...unsigned(index));
  }

  when(condition: Int, body: () => void, otherwise?: () => void): void {
    this.#code.push(...condition.code, 0x04, 0x40);
    body();
    if (otherwise) {
      this.#code.push(0x05);
      otherwise();
    }
    this.#code.push(0x0b);
  }

  /** Repeats `body` while `condition` holds; tests once before the first turn and then at the end of each. */
  while(condition: Int, body: () => void): void {
    this.#code.push(...condition.code, 0x04, 0x40, 0x03, 0x40);
    body();
    this.#code.push(...condition.code, 0x0d, 0x00, 0x0b, 0x0b);
  }

  /** for (index = from; index < to; index += step), compared as signed integers. `to` is read at every turn. */
  for(from: IntOperand, to: Int, step: IntOperand, body: (index: Local<"i32">) => void): void {
    const index = this.int(from);
    this.while(i32.lessThan(index, to), () => {
      body(index);
      this.advance(index, step);
    });
  }

  /** The function's entry of the code section. */
  encode(): number[] {
    const locals = this.#locals.flatMap((type) => [1, valueTypes[type]]);
    const body = [...unsigned(this.#locals.length), ...locals, ...this.#code, 0x0b];
    return [...unsigned(body.length), ...body];
  }
}
