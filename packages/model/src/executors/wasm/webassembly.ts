/** The part of WebAssembly's JavaScript interface that we use. TypeScript knows it only together with a browser's DOM. */
export interface Memory {
  readonly buffer: ArrayBufferLike;
}

interface WebAssemblyInterface {
  validate(code: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory; readonly thread: object } },
  ) => { readonly exports: Readonly<Record<string, (...parameters: number[]) => void>> };
  readonly Global: new (type: { readonly value: "i32" }, value: number) => object;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;
