import { OutOfMemoryError } from "../out-of-memory-error.js";
import type { Binding } from "./lowering/lowering.js";

const wantedLimits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** A device with its compiled kernels. One for the process: sessions share it. */
export class Gpu {
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  #failure: Error | undefined;

  private constructor(
    readonly name: string,
    readonly device: GPUDevice,
  ) {
    void device.lost.then(({ message }) => {
      this.#failure = new Error(
        `the GPU ${name} was lost: ${message || "no reason was given"}. Its memory is gone; start again from the last checkpoint.`,
      );
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      this.#failure ??= new Error(`the GPU ${name} refused a command: ${error.message}`);
    });
  }

  /** Opens a device that may use buffers as large as the adapter has them. */
  static async open(adapter: GPUAdapter): Promise<Gpu> {
    const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]));
    return new Gpu(nameOf(adapter), await adapter.requestDevice({ requiredLimits }));
  }

  /** Bytes of the largest value that a kernel can use. */
  get largestBinding(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** Throws what went wrong on the device since it was opened: nothing computed there can be trusted any more. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Waits for a result of the device; where it fails because the device is lost, says so. */
  async wait<Result>(result: Promise<Result>): Promise<Result> {
    try {
      const value = await result;
      this.check();
      return value;
    } catch (error) {
      // The reason of a loss arrives a moment after the failure that it causes.
      await new Promise((resolve) => setImmediate(resolve));
      this.check();
      throw error;
    }
  }

  /** Makes buffers that `allocate` asks for. Throws an OutOfMemoryError, with nothing kept, where the device has no room. */
  async allocate(bytes: readonly number[], usage: GPUBufferUsageFlags, purpose: string): Promise<GPUBuffer[]> {
    this.check();
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
    const buffers = bytes.map((size) => this.device.createBuffer({ size, usage }));
    const full = await this.device.popErrorScope();
    const invalid = await this.device.popErrorScope();
    const error = full ?? invalid;
    if (error === null) return buffers;
    for (const buffer of buffers) buffer.destroy();
    if (invalid) throw new Error(`the GPU ${this.name} refused memory for ${purpose}: ${invalid.message}`);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    throw new OutOfMemoryError(
      `${purpose} needs ${total.toLocaleString("en-US")} bytes, which the GPU ${this.name} does not have. ` +
        "Use a smaller batch, a smaller image or a smaller architecture, or a GPU with more memory.",
    );
  }

  /** Compiled once for equal code. */
  pipeline(code: string, bindings: readonly Binding[]): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(code);
    if (known) return known;
    const layout = this.device.createPipelineLayout({ bindGroupLayouts: [this.layout(bindings)] });
    const compute = { module: this.device.createShaderModule({ code }), entryPoint: "main" };
    const pipeline = this.device.createComputePipelineAsync({ layout, compute });
    this.#pipelines.set(code, pipeline);
    return pipeline;
  }

  layout(bindings: readonly Binding[]): GPUBindGroupLayout {
    const signature = bindings.map(({ access }) => access).join();
    const known = this.#layouts.get(signature);
    if (known) return known;
    const entries = bindings.map(({ access }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: access === "read" ? ("read-only-storage" as const) : ("storage" as const) },
    }));
    const layout = this.device.createBindGroupLayout({ entries });
    this.#layouts.set(signature, layout);
    return layout;
  }
}

/** "NVIDIA H100 (nvidia hopper)", as far as the driver tells. */
function nameOf({ info }: GPUAdapter): string {
  const family = [info.vendor, info.architecture].filter(Boolean).join(" ");
  const device = info.device || info.description;
  return [device, family && device ? `(${family})` : family].filter(Boolean).join(" ") || "without a name";
}
