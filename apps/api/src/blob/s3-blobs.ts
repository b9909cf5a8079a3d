import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { AwsClient } from "aws4fetch";
import { type BlobStore, type ByteRange, MissingBlob, type StagedBlob, storeAway } from "./blob-store.js";

export interface S3Settings {
  /** Without a bucket: `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Within the time that a transaction may wait for it (see sessionOptions). */
const answerMs = 10_000;

/**
 * Blobs as objects `blobs/<first two digits>/<sha256>` of a bucket, in the path style that every server of the protocol understands. Pieces are the
 * parts of a multipart upload, of which nobody sees anything until it is completed. Requests that fail by 5xx or 429 are repeated by the client.
 */
export class S3Blobs implements BlobStore {
  readonly place: string;
  readonly #bucket: URL;
  readonly #client: AwsClient;

  constructor({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Settings) {
    this.#bucket = new URL(`${endpoint.replace(/\/$/, "")}/${encodeURIComponent(bucket)}`);
    this.place = this.#bucket.href;
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 4 });
  }

  async begin(sha256: string): Promise<StagedBlob> {
    const answer = await this.#ask("POST", keyOf(sha256), { uploads: "" });
    return { sha256, token: firstOf("UploadId", await answer.text()) };
  }

  async put({ sha256, token }: StagedBlob, index: number, _offset: number, bytes: Uint8Array): Promise<string> {
    const part = { partNumber: String(index + 1), uploadId: token };
    // Signed with the request, so that the server refuses a part that was damaged on its way.
    const headers = { "x-amz-content-sha256": createHash("sha256").update(bytes).digest("hex") };
    const body = bytes as Uint8Array<ArrayBuffer>;
    const answer = await this.#ask("PUT", keyOf(sha256), part, { body, headers });
    await answer.arrayBuffer();
    const etag = answer.headers.get("etag");
    if (etag === null) throw new Error(`${this.place} took a part without saying its ETag`);
    return etag;
  }

  async finish({ sha256, token }: StagedBlob, receipts: readonly string[]): Promise<void> {
    const parts = receipts.map(
      (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const text = await (await this.#ask("POST", keyOf(sha256), { uploadId: token }, { body })).text();
    // The status is sent before the parts are put together: a failure then comes with 200.
    if (/<Error>/.test(text)) throw new Error(`${this.place} could not complete an upload: ${firstOf("Code", text)}`);
  }

  async abort({ sha256, token }: StagedBlob): Promise<void> {
    await drop(await this.#ask("DELETE", keyOf(sha256), { uploadId: token }, {}, [404]));
  }

  async size(sha256: string): Promise<number | null> {
    const answer = await this.#ask("HEAD", keyOf(sha256), {}, {}, [404]);
    return answer.status === 404 ? null : Number(answer.headers.get("content-length"));
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    const headers = range ? { range: `bytes=${range.start}-${range.end}` } : undefined;
    const answer = await this.#ask("GET", keyOf(sha256), {}, { headers }, [404]);
    if (answer.status === 404 || !answer.body) {
      await drop(answer);
      throw new MissingBlob(sha256, this.place);
    }
    return Readable.fromWeb(answer.body as ReadableStream);
  }

  async remove(sha256: string): Promise<void> {
    await drop(await this.#ask("DELETE", keyOf(sha256), {}, {}, [404]));
  }

  async *list(): AsyncGenerator<{ sha256: string; bytes: number }> {
    for (let after = ""; ; ) {
      const query = { "list-type": "2", prefix: "blobs/", ...(after && { "start-after": after }) };
      const text = await (await this.#ask("GET", "", query)).text();
      for (const [, entry] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        after = firstOf("Key", entry!);
        yield { sha256: after.slice(after.lastIndexOf("/") + 1), bytes: Number(firstOf("Size", entry!)) };
      }
      if (!/<IsTruncated>true<\/IsTruncated>/.test(text)) return;
    }
  }

  /** Throws for every status of failure but those that are `expected`. Only what is answered within `answerMs` is waited for; a body may take longer. */
  async #ask(
    method: string,
    key: string,
    query: Record<string, string> = {},
    init: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
    expected: readonly number[] = [],
  ): Promise<Response> {
    const url = new URL(key === "" ? this.#bucket : `${this.#bucket.href}/${key}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), answerMs);
    const answer = await this.#client
      .fetch(url.href, { method, ...init, signal: abort.signal })
      .catch(() => {
        // Neither by its address nor as a lost connection, which would be taken for the database's.
        throw storeAway(abort.signal.aborted ? "the S3 server does not answer" : "the S3 server cannot be reached");
      })
      .finally(() => clearTimeout(timer));
    if (answer.ok || expected.includes(answer.status)) return answer;
    if (answer.status >= 500 || answer.status === 429) {
      await drop(answer);
      throw storeAway(`the S3 server answers ${answer.status}`);
    }
    const reason = firstOf("Code", await answer.text().catch(() => ""));
    throw new Error(`${this.place} answers ${method} with ${answer.status} ${reason}. Check S3_BUCKET and its keys.`);
  }
}

function keyOf(sha256: string): string {
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/** Text of the first element with this name; empty where there is none. None of what is read here holds markup of its own. */
function firstOf(element: string, xml: string): string {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? "";
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Else its connection is kept waiting. */
async function drop(answer: Response): Promise<void> {
  await answer.body?.cancel();
}
