import { name, section, unsigned, vector } from "./encoding.js";
import { FunctionBuilder, type Local } from "./function-builder.js";
import { type Int, type ValueType, valueTypes } from "./instructions.js";

/** Named parameters of a kernel in the order in which it is called. */
export type Signature = Readonly<Record<string, "i32" | "f32">>;

export type Parameters<Of extends Signature> = { readonly [Name in keyof Of]: Local<Of[Name]> };

/** Integer parameters: addresses and counts. */
export function integers<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, "i32">> {
  return Object.fromEntries(names.map((name) => [name, "i32"])) as Record<Name, "i32">;
}

/** The magic number "\0asm" and version 1. */
const preamble = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** A function of the module by its index. */
export interface FunctionReference<Of extends Signature> {
  readonly index: number;
  readonly signature: Of;
}

/**
 * A WebAssembly module whose functions all work on one imported memory (`env.memory`). Each instance imports the number of
 * its thread (`env.thread`), so that threads can keep their scratch areas apart.
 */
export class ModuleBuilder {
  readonly #functions: { readonly name: string; readonly builder: FunctionBuilder }[] = [];

  /** The number of the thread that runs the function: 0, 1, … */
  readonly thread: Int = { type: "i32", code: [0x23, 0x00] };

  /** Defines and exports a function without result. */
  define<Of extends Signature>(
    functionName: string,
    signature: Of,
    body: (builder: FunctionBuilder, parameters: Parameters<Of>) => void,
  ): FunctionReference<Of> {
    const types: ValueType[] = Object.values(signature);
    const builder = new FunctionBuilder(types);
    const parameters = Object.fromEntries(
      Object.entries(signature).map(([parameter, type], index) => [parameter, builder.parameter(index, type)]),
    );
    body(builder, parameters as Parameters<Of>);
    this.#functions.push({ name: functionName, builder });
    return { index: this.#functions.length - 1, signature };
  }

  /** The module in binary form, for a shared memory of up to 4 GiB (65,536 pages). */
  encode(): Uint8Array<ArrayBuffer> {
    const types = this.#functions.map(({ builder }) => [
      0x60,
      ...vector(builder.parameters.map((type) => [valueTypes[type]])),
      0,
    ]);
    const limits = [0x03, 0, ...unsigned(65_536)];
    return new Uint8Array([
      ...preamble,
      ...section(1, vector(types)),
      ...section(
        2,
        vector([
          [...name("env"), ...name("memory"), 0x02, ...limits],
          [...name("env"), ...name("thread"), 0x03, valueTypes.i32, 0x00],
        ]),
      ),
      ...section(3, vector(this.#functions.map((_, index) => unsigned(index)))),
      ...section(7, vector(this.#functions.map((entry, index) => [...name(entry.name), 0x00, ...unsigned(index)]))),
      ...section(10, vector(this.#functions.map(({ builder }) => builder.encode()))),
    ]);
  }
}
