import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a run stood when the process that trained it crashed. */
export interface Crash {
  /** The step of the checkpoint that it had begun from; −1 before it had begun. */
  readonly resumedFrom: number;
  /** Steps done; −1 before it had begun. */
  readonly step: number;
}

/** Crashes at one and the same step: the step is the cause. */
const SAME_STEP = 2;
/** Crashes at different steps without a new checkpoint in between: the run will never get further. */
const SAME_START = 5;

/** What crashed how often, on disk: a worker that is started again, or another slot of this machine, must not begin to count anew. */
export class CrashRecord {
  constructor(private readonly folder: string) {}

  /** Notes a crash and returns those of this job since its last progress, this one included, and whether another try makes sense. */
  async add(job: string, crash: Crash): Promise<{ readonly count: number; readonly isHopeless: boolean }> {
    const since = (await this.read(job)).filter(({ resumedFrom }) => resumedFrom === crash.resumedFrom);
    since.push(crash);
    const atStep = since.filter(({ step }) => step === crash.step).length;
    await mkdir(this.folder, { recursive: true });
    await writeFile(`${this.path(job)}.tmp`, JSON.stringify(since));
    await rename(`${this.path(job)}.tmp`, this.path(job));
    const isHopeless = atStep >= SAME_STEP || since.length >= SAME_START;
    return { count: atStep >= SAME_STEP ? atStep : since.length, isHopeless };
  }

  /** For a job that has ended. */
  async forget(job: string): Promise<void> {
    await rm(this.path(job), { force: true });
  }

  private async read(job: string): Promise<Crash[]> {
    try {
      return JSON.parse(await readFile(this.path(job), "utf8")) as Crash[];
    } catch {
      // None, or one that a full disk cut off.
      return [];
    }
  }

  private path(job: string): string {
    return join(this.folder, `${job}.json`);
  }
}
