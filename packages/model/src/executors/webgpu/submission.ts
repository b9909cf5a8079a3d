import type { Kernel } from "./lowering/lowering.js";
import { workgroupsPerRow } from "./lowering/shader.js";

/** A kernel with its arrays, ready to be recorded. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly columns: number;
  readonly rows: number;
  readonly work: number;
}

export function dispatchOf({ workgroups, work }: Kernel, pipeline: GPUComputePipeline, group: GPUBindGroup): Dispatch {
  const rows = Math.ceil(workgroups / workgroupsPerRow);
  return { pipeline, group, columns: Math.min(workgroups, workgroupsPerRow), rows, work };
}

/**
 * Float operations of one submission: a tenth of a second on a weak GPU. Desktop systems reset a GPU that does not answer for two
 * seconds, and show nothing in the meantime.
 */
const workPerSubmission = 5e10;

/** Records commands and submits them in the order of recording, in portions. */
export class Submission {
  #encoder: GPUCommandEncoder;
  #pass: GPUComputePassEncoder | undefined;
  #work = 0;

  constructor(private readonly device: GPUDevice) {
    this.#encoder = device.createCommandEncoder();
  }

  dispatch({ pipeline, group, columns, rows, work }: Dispatch): void {
    this.#pass ??= this.#encoder.beginComputePass();
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, group);
    this.#pass.dispatchWorkgroups(columns, rows);
    this.#work += work;
    if (this.#work > workPerSubmission) this.submit();
  }

  copy(from: GPUBuffer, to: GPUBuffer, offset: number, bytes: number): void {
    this.#endPass();
    this.#encoder.copyBufferToBuffer(from, 0, to, offset, bytes);
  }

  submit(): void {
    this.#endPass();
    this.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = this.device.createCommandEncoder();
    this.#work = 0;
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }
}
