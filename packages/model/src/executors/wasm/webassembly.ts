/** The part of WebAssembly's JavaScript interface that we use. TypeScript knows it only together with a browser's DOM. */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
}

interface WebAssemblyInterface {
  validate(code: Uint8Array<ArrayBuffer>): boolean;
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => Memory;
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory; readonly thread: number } },
  ) => { readonly exports: Readonly<Record<string, (...parameters: number[]) => void>> };
}

/** The global `WebAssembly`. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;
