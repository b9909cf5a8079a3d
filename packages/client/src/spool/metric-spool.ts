import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AckedFile } from "./acked-file.js";
import { convertFormerSpool } from "./former-spool.js";
import { SegmentFiles } from "./segment-files.js";
import { isFull, SpoolError } from "./spool-error.js";
import { lockSpool, type SpoolLock } from "./spool-lock.js";
import type { SpooledFrame } from "./spool-record.js";

/** Whose frames a spool holds. A writer is one process's hold on one run: every start is a new writer, so that no seq is given twice. */
export interface SpoolOwner {
  readonly run: string;
  readonly writer: string;
  readonly leaseGeneration: number;
}

/**
 * When frames are forced from the kernel to the disk. A killed process loses nothing that the kernel has; only a power cut does.
 * `never`: the system decides. `interval`: within a second, beside the work. `each-flush`: every frame before it is sent.
 * `each-call`: every call of `log()` before it returns, which costs as much as the disk takes (0.1 to 5 ms).
 */
export type FsyncPolicy = "never" | "interval" | "each-flush" | "each-call";

export interface SpoolOptions {
  readonly fsync: FsyncPolicy;
  /** Bytes on disk, and in memory while the disk takes none; what is above is not kept. */
  readonly diskLimit: number;
  readonly memoryLimit: number;
  /** Told once when the disk takes no more, with the reason, and once (null) when it does again. */
  readonly onDisk: (problem: string | null) => void;
}

/** Frames that are kept in memory beside the disk, so that what is sent at once is not read back. */
const KEPT_BYTES = 1 << 20;
const RETRY_MS = 1_000;

/**
 * Frames in order until the API has acknowledged them: on disk, and the latest in memory too. Where the disk takes no more they wait in
 * memory, in bounds, until it does. Folder: `owner.json`, `lock`, segments named by their first seq, `acked`.
 */
export class MetricSpool {
  /** The latest frames, without a gap. */
  private memory: SpooledFrame[] = [];
  private memoryBytes = 0;
  private unsavedBytes = 0;
  private savedSeq: number;
  private acked: SpooledFrame;
  private last: SpooledFrame;
  private problem: string | null = null;
  private retryAt = 0;

  private constructor(
    readonly folder: string,
    readonly owner: SpoolOwner,
    private readonly lock: SpoolLock,
    private readonly segments: SegmentFiles,
    private readonly ackedFile: AckedFile,
    acked: Pick<SpooledFrame, "seq" | "total">,
    private readonly options: SpoolOptions,
  ) {
    this.acked = { ...acked, bytes: new Uint8Array() };
    this.last = segments.last ?? this.acked;
    this.savedSeq = this.last.seq;
  }

  /** A new spool. Throws a SpoolError where the folder cannot be made, is full, or is a spool already: a seq must never be given twice. */
  static create(folder: string, owner: SpoolOwner, options: SpoolOptions): MetricSpool {
    let lock: SpoolLock | undefined;
    try {
      mkdirSync(folder, { recursive: true });
      lock = lockSpool(folder);
      if (!lock) throw new Error("another process holds it");
      writeFileSync(join(folder, "owner.json"), JSON.stringify(owner), { flag: "wx" });
      const ackedFile = AckedFile.open(folder);
      return new MetricSpool(folder, owner, lock, new SegmentFiles(folder), ackedFile, ackedFile.read(), options);
    } catch (error) {
      lock?.release();
      const reason = (error as NodeJS.ErrnoException).code === "EEXIST" ? "it is a spool already" : "";
      throw new SpoolError(
        `Metrics cannot be kept in ${folder}: ${reason || (error as Error).message}. Free some space there, or name another folder.`,
        { cause: error },
      );
    }
  }

  /**
   * What an earlier process left, to be sent; undefined where a living process holds it. Throws where the folder is no spool. What follows a
   * damaged record is cut off.
   */
  static open(folder: string, options: SpoolOptions): MetricSpool | undefined {
    const owner = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as SpoolOwner;
    const lock = lockSpool(folder);
    if (!lock) return undefined;
    try {
      convertFormerSpool(folder);
      const ackedFile = AckedFile.open(folder);
      const noted = ackedFile.read();
      const segments = SegmentFiles.recover(folder, noted.seq);
      // Segments that are gone were acknowledged, also where the note of it is lost.
      const { first } = segments;
      const acked = first && first.seq > noted.seq + 1 ? { seq: first.seq - 1, total: first.total } : noted;
      return new MetricSpool(folder, owner, lock, segments, ackedFile, acked, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Points that wait for their acknowledgement. */
  get waitingPoints(): number {
    return this.last.total - this.acked.total;
  }

  get ackedSeq(): number {
    return this.acked.seq;
  }

  /** Takes a frame; false where neither the disk nor the memory has room for it. */
  append(bytes: Uint8Array, points: number): boolean {
    const isCrowded = () => this.unsavedBytes > 0 && this.unsavedBytes + bytes.length > this.options.memoryLimit;
    if (isCrowded()) this.save();
    if (isCrowded()) return false;
    this.last = { seq: this.last.seq + 1, total: this.last.total + points, bytes };
    this.memory.push(this.last);
    this.memoryBytes += bytes.length;
    this.unsavedBytes += bytes.length;
    this.save();
    this.evict();
    return true;
  }

  /** The frames that come after `seq`, at least one where there is one, else up to `bytes` of them. */
  next(seq: number, bytes: number): SpooledFrame[] {
    const [first] = this.memory;
    const found = first && first.seq <= seq + 1 ? this.memory.slice(seq + 1 - first.seq) : this.segments.read(seq);
    let size = 0;
    const end = found.findIndex((frame, i) => {
      size += frame.bytes.length;
      return size > bytes && i > 0;
    });
    return end < 0 ? found : found.slice(0, end);
  }

  /** All frames up to this one are stored by the API. */
  acknowledge(frame: SpooledFrame): void {
    if (frame.seq <= this.acked.seq) return;
    this.acked = frame;
    while (this.memory[0] && this.memory[0].seq <= frame.seq) this.dropFirst();
    // A frame that was sent from memory need not be saved any more.
    this.savedSeq = Math.max(this.savedSeq, frame.seq);
    this.ackedFile.write(frame);
    this.segments.deleteUpTo(frame.seq);
  }

  close(): void {
    this.segments.close();
    this.ackedFile.close();
    this.lock.release();
  }

  /** For a spool whose every frame is acknowledged. */
  async remove(): Promise<void> {
    this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes what is in memory only. */
  private save(): void {
    if (this.unsavedBytes === 0 || (this.problem !== null && Date.now() < this.retryAt)) return;
    try {
      for (const frame of this.memory.slice(Math.max(0, this.savedSeq + 1 - this.memory[0]!.seq))) {
        if (this.segments.bytes + frame.bytes.length > this.options.diskLimit)
          throw new SpoolError(`they take ${this.segments.bytes} bytes there already, as many as they may`);
        this.segments.append(frame);
        this.savedSeq = frame.seq;
        this.unsavedBytes -= frame.bytes.length;
      }
      this.syncAsAsked();
    } catch (error) {
      this.failed(isFull(error) ? "the disk is full" : (error as Error).message);
      return;
    }
    if (this.problem === null) return;
    this.problem = null;
    this.options.onDisk(null);
  }

  private syncAsAsked(): void {
    const { fsync } = this.options;
    if (fsync === "interval") this.segments.syncSometimes();
    else if (fsync !== "never") this.segments.sync();
  }

  private failed(problem: string): void {
    this.retryAt = Date.now() + RETRY_MS;
    const isNew = this.problem === null;
    this.problem = problem;
    if (isNew) this.options.onDisk(problem);
  }

  private evict(): void {
    while (this.memoryBytes > KEPT_BYTES && this.memory[0]!.seq <= this.savedSeq) this.dropFirst();
  }

  private dropFirst(): void {
    const { seq, bytes } = this.memory.shift()!;
    this.memoryBytes -= bytes.length;
    if (seq > this.savedSeq) this.unsavedBytes -= bytes.length;
  }
}
