import type { Gpu } from "./gpu.js";
import type { Floats } from "./program.js";
import type { Submission } from "./submission.js";

/** Copies of values on their way to the host, through a buffer that the host can map. */
export class Download {
  private constructor(
    private readonly gpu: Gpu,
    private readonly sources: readonly Floats[],
    private readonly staging: GPUBuffer | undefined,
  ) {}

  static async of(gpu: Gpu, sources: readonly Floats[]): Promise<Download> {
    const bytes = sources.reduce((sum, { length }) => sum + 4 * length, 0);
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const [staging] = bytes === 0 ? [] : await gpu.allocate([bytes], usage, "The copy of results for the host");
    return new Download(gpu, sources, staging);
  }

  get bytes(): number {
    return this.staging?.size ?? 0;
  }

  /** Records the copies: the values are those of this moment in the order of commands. */
  record(submission: Submission): void {
    let offset = 0;
    for (const { buffer, length } of this.sources) {
      submission.copy(buffer, this.staging!, offset, 4 * length);
      offset += 4 * length;
    }
  }

  /** Waits for everything submitted; gives the values and frees the copy. */
  async finish(): Promise<Float32Array[]> {
    const { gpu, staging, sources } = this;
    if (staging === undefined) {
      await gpu.wait(gpu.device.queue.onSubmittedWorkDone());
      return [];
    }
    try {
      await gpu.wait(staging.mapAsync(GPUMapMode.READ));
      const all = new Float32Array(staging.getMappedRange());
      let begin = 0;
      return sources.map(({ length }) => {
        begin += length;
        return all.slice(begin - length, begin);
      });
    } finally {
      staging.destroy();
    }
  }
}
