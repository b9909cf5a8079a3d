import type { Shape } from "../../graph/operation.js";
import { OutOfMemoryError } from "../out-of-memory-error.js";
import { type CApi, type Pointer, type TensorFlowOutput, throwIfFailed, withStatus } from "./c-api.js";
import { type Ref, tensorFlowTypes } from "./graph-def.js";

/** A fed tensor. The library trusts the length: callers have checked it. */
export interface NativeInput {
  readonly ref: Ref;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A graph and a session of the C API. */
export class NativeSession {
  private readonly graph: Pointer;
  private readonly session: Pointer;
  private readonly outputs = new Map<Ref, TensorFlowOutput>();
  private runs = 0;
  private closed = false;

  constructor(
    private readonly api: CApi,
    definition: Uint8Array,
    config: Uint8Array,
  ) {
    this.graph = api.newGraph();
    const importOptions = api.newImportOptions();
    const buffer = api.newBuffer(definition, definition.length);
    const options = api.newSessionOptions();
    try {
      withStatus(api, (status) => api.importGraph(this.graph, buffer, importOptions, status));
      withStatus(api, (status) => api.setConfig(options, config, config.length, status));
      this.session = withStatus(api, (status) => api.newSession(this.graph, options, status));
    } catch (error) {
      api.deleteGraph(this.graph);
      throw error;
    } finally {
      api.deleteBuffer(buffer);
      api.deleteImportOptions(importOptions);
      api.deleteSessionOptions(options);
    }
  }

  /** Feeds, runs `targets` and returns copies of the fetched values. Throws as `throwIfFailed` does. */
  async run(inputs: readonly NativeInput[], fetched: readonly Ref[], targets: readonly Ref[]): Promise<Float32Array[]> {
    if (this.closed) throw new Error("the session is closed");
    if (fetched.length === 0 && targets.length === 0) return [];
    const { api } = this;
    const status = api.newStatus();
    const fed = inputs.map((input) => this.tensorOf(input));
    const results: Pointer[] = fetched.map(() => null);
    this.runs++;
    try {
      await api.run(
        this.session,
        null,
        inputs.map(({ ref }) => this.output(ref)),
        fed,
        fed.length,
        fetched.map((ref) => this.output(ref)),
        results,
        results.length,
        targets.map((ref) => this.output(ref).oper),
        targets.length,
        null,
        status,
      );
      throwIfFailed(api, status);
      return results.map((tensor) => this.copyOf(tensor));
    } finally {
      for (const tensor of fed) api.deleteTensor(tensor);
      for (const tensor of results) if (tensor) api.deleteTensor(tensor);
      api.deleteStatus(status);
      this.runs--;
      if (this.closed && this.runs === 0) this.release();
    }
  }

  /** Type and bytes of memory of each device. */
  devices(): { readonly type: string; readonly bytes: number }[] {
    const { api } = this;
    const list = withStatus(api, (status) => api.listDevices(this.session, status));
    const devices = Array.from({ length: api.deviceCount(list) }, (_, index) => ({
      type: withStatus(api, (status) => api.deviceType(list, index, status)),
      bytes: Number(withStatus(api, (status) => api.deviceMemory(list, index, status))),
    }));
    api.deleteDeviceList(list);
    return devices;
  }

  /** Frees everything; if a run is under way, as soon as it has ended. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.runs === 0) this.release();
  }

  private release(): void {
    withStatus(this.api, (status) => this.api.closeSession(this.session, status));
    withStatus(this.api, (status) => this.api.deleteSession(this.session, status));
    this.api.deleteGraph(this.graph);
  }

  private output(ref: Ref): TensorFlowOutput {
    let output = this.outputs.get(ref);
    if (output === undefined) {
      const [name, index] = ref.split(":") as [string, string | undefined];
      output = { oper: this.api.findOperation(this.graph, name), index: Number(index ?? 0) };
      this.outputs.set(ref, output);
    }
    return output;
  }

  private tensorOf({ shape, data }: NativeInput): Pointer {
    const extents = BigInt64Array.from(shape, BigInt);
    const tensor = this.api.allocateTensor(tensorFlowTypes.float32, extents, shape.length, data.byteLength);
    if (tensor === null) throw new OutOfMemoryError(`there is no memory for a feed of ${data.byteLength} bytes`);
    if (data.length > 0) new Float32Array(this.api.view(this.api.tensorData(tensor), data.byteLength)).set(data);
    return tensor;
  }

  private copyOf(tensor: Pointer): Float32Array {
    const bytes = Number(this.api.tensorBytes(tensor));
    if (bytes === 0) return new Float32Array(0);
    return new Float32Array(this.api.view(this.api.tensorData(tensor), bytes)).slice();
  }
}
