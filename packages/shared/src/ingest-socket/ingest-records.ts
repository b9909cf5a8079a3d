import { IngestSocketError } from "./ingest-socket-error.js";

/** The WebSocket subprotocol under which metrics are sent. */
export const ingestSubprotocol = "residual-ingest-1";

/** What one socket may hold and one message may weigh; both ends keep to it. */
export const ingestSocketLimits = { messageBytes: 4 << 20, channels: 1_024, nameBytes: 512 } as const;

/** What a writer sends: it opens a channel, then sends frames on it. Numbers of channels are the writer's own choice (u32). */
export type WriterRecord =
  | {
      readonly kind: "open";
      readonly channel: number;
      readonly leaseGeneration: number;
      readonly run: string;
      readonly writer: string;
    }
  | { readonly kind: "frame"; readonly channel: number; readonly seq: number; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly channel: number };

/** What the server answers: all frames up to ackedSeq are committed, or why a frame (seq 0: the channel) was refused. */
export type ServerRecord =
  | { readonly kind: "ack"; readonly channel: number; readonly ackedSeq: number }
  | { readonly kind: "refusal"; readonly channel: number; readonly seq: number; readonly refusal: IngestRefusal };

/** Why a frame was not stored: the codes, fields and limits of the GraphQL API. */
export interface IngestRefusal {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly limit?: unknown;
  /** With SEQ_GAP: the seq that comes next. */
  readonly expected?: number;
  readonly retryAfterSeconds?: number;
}

const Kind = { open: 1, frame: 2, close: 3, ack: 129, refusal: 130 } as const;

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder("utf-8", { fatal: true });

/** Packs records into one message (layout: docs/ingest-socket.md). */
export function encodeWriterRecords(records: readonly WriterRecord[]): Uint8Array {
  const message = new MessageWriter();
  for (const record of records) {
    message.head(Kind[record.kind], record.channel);
    if (record.kind === "open") {
      message.uint32(record.leaseGeneration);
      message.text(record.run);
      message.text(record.writer);
    } else if (record.kind === "frame") {
      message.seq(record.seq);
      message.uint32(record.bytes.length);
      message.raw(record.bytes);
    }
  }
  return message.finish();
}

export function encodeServerRecords(records: readonly ServerRecord[]): Uint8Array {
  const message = new MessageWriter();
  for (const record of records) {
    message.head(Kind[record.kind], record.channel);
    if (record.kind === "ack") message.seq(record.ackedSeq);
    else {
      message.seq(record.seq);
      message.text(JSON.stringify(record.refusal));
    }
  }
  return message.finish();
}

/** Frames are views into `message`, not copies. Throws an IngestSocketError for anything else than whole records. */
export function decodeWriterRecords(message: Uint8Array): WriterRecord[] {
  const reader = new MessageReader(message);
  const records: WriterRecord[] = [];
  while (!reader.atEnd) {
    const kind = reader.uint8();
    const channel = reader.uint32();
    if (kind === Kind.frame)
      records.push({ kind: "frame", channel, seq: reader.seq(), bytes: reader.raw(reader.uint32()) });
    else if (kind === Kind.open) {
      const leaseGeneration = reader.uint32();
      records.push({ kind: "open", channel, leaseGeneration, run: reader.name(), writer: reader.name() });
    } else if (kind === Kind.close) records.push({ kind: "close", channel });
    else throw new IngestSocketError(`A record begins with ${kind}; a writer sends 1 (open), 2 (frame) or 3 (close).`);
  }
  return records;
}

export function decodeServerRecords(message: Uint8Array): ServerRecord[] {
  const reader = new MessageReader(message);
  const records: ServerRecord[] = [];
  while (!reader.atEnd) {
    const kind = reader.uint8();
    const channel = reader.uint32();
    const seq = reader.seq();
    if (kind === Kind.ack) records.push({ kind: "ack", channel, ackedSeq: seq });
    else if (kind === Kind.refusal)
      records.push({ kind: "refusal", channel, seq, refusal: JSON.parse(reader.text()) as IngestRefusal });
    else throw new IngestSocketError(`A record begins with ${kind}; a server sends 129 (ack) or 130 (refusal).`);
  }
  return records;
}

class MessageWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  head(kind: number, channel: number): void {
    this.reserve(5);
    this.view.setUint8(this.length, kind);
    this.view.setUint32(this.length + 1, channel, true);
    this.length += 5;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Two words instead of a BigInt, which would cost an allocation a frame. */
  seq(value: number): void {
    this.uint32(value % 2 ** 32);
    this.uint32(Math.floor(value / 2 ** 32));
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(text: string): void {
    const bytes = textEncoder.encode(text);
    this.reserve(2);
    this.view.setUint16(this.length, bytes.length, true);
    this.length += 2;
    this.raw(bytes);
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

class MessageReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.offset === this.bytes.length;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  seq(): number {
    const value = this.uint32() + this.uint32() * 2 ** 32;
    if (!Number.isSafeInteger(value)) throw new IngestSocketError("A seq is above 2^53−1.");
    return value;
  }

  raw(count: number): Uint8Array {
    const start = this.take(count);
    return this.bytes.subarray(start, start + count);
  }

  text(): string {
    const bytes = this.raw(this.view.getUint16(this.take(2), true));
    try {
      return textDecoder.decode(bytes);
    } catch {
      throw new IngestSocketError("A text is not valid UTF-8.");
    }
  }

  name(): string {
    const name = this.text();
    if (name.length > ingestSocketLimits.nameBytes)
      throw new IngestSocketError(`A name has more than ${ingestSocketLimits.nameBytes} characters.`);
    return name;
  }

  private take(count: number): number {
    if (count > this.bytes.length - this.offset)
      throw new IngestSocketError(`The message ends after ${this.bytes.length} bytes, in the middle of a record.`);
    const offset = this.offset;
    this.offset += count;
    return offset;
  }
}
