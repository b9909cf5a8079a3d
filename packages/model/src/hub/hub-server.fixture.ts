import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the store misbehaves, until it is set back. */
export interface Trouble {
  /** The connection is cut after this many bytes of each answer. */
  cutAfter?: number;
  /** Bytes of the file come changed. */
  corrupt?: boolean;
  /** Ranges are not understood. */
  noRanges?: boolean;
}

export const commit = "0123456789abcdef0123456789abcdef01234567";

/** A server on this machine that behaves as the Hub does, with a store of another origin for its large files. */
export class HubServer {
  readonly trouble: Trouble = {};
  /** `HEAD /path`, `GET /path bytes=5-` and whether a token came with it. */
  readonly requests: string[] = [];
  /** Where set, nothing opens without it. */
  token: string | undefined;
  private readonly hub: Server;
  private readonly store: Server;

  /** `files` by their name; those that end in .safetensors are large ones. */
  constructor(
    private readonly repository: string,
    readonly files: Map<string, Buffer>,
  ) {
    this.hub = createServer((request, response) => this.answer(request, response));
    this.store = createServer((request, response) => this.send(request, response));
  }

  async listen(): Promise<void> {
    for (const server of [this.hub, this.store]) {
      await new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
      });
    }
  }

  async close(): Promise<void> {
    for (const server of [this.hub, this.store]) {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  }

  get endpoint(): string {
    return originOf(this.hub);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.note(request);
    const refuse = (status: number, code: string) => response.writeHead(status, { "x-error-code": code }).end();
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      refuse(401, "GatedRepo");
      return;
    }
    const path = decodeURIComponent(request.url!.slice(1));
    if (path.startsWith("old/name/")) {
      response.writeHead(307, { location: `/${path.replace("old/name", this.repository)}` }).end();
      return;
    }
    const [, repository, revision, file] = /^(.+?)\/resolve\/(main|v1|refs\/pr\/2|[0-9a-f]{40}|absent)\/(.+)$/.exec(
      path,
    )!;
    if (repository !== this.repository) return void refuse(401, "RepoNotFound");
    if (revision === "absent") return void refuse(404, "RevisionNotFound");
    const content = this.files.get(file!);
    if (!content) return void refuse(404, "EntryNotFound");
    const headers = { "x-repo-commit": commit };
    if (file!.endsWith(".safetensors")) {
      const etag = createHash("sha256").update(content).digest("hex");
      const location = `${originOf(this.store)}/${file}`;
      response
        .writeHead(302, { ...headers, location, "x-linked-etag": `"${etag}"`, "x-linked-size": content.length })
        .end();
      return;
    }
    const etag = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    response.writeHead(200, { ...headers, etag: `W/"${etag}"`, "content-length": content.length });
    response.end(request.method === "HEAD" ? undefined : content);
  }

  /** The store: ranges, cut connections, changed bytes. */
  private send(request: IncomingMessage, response: ServerResponse): void {
    this.note(request);
    const content = this.files.get(request.url!.slice(1))!;
    const { cutAfter, corrupt, noRanges } = this.trouble;
    const begin = noRanges ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = Buffer.from(content.subarray(begin));
    if (corrupt) rest[rest.length - 1]! ^= 1;
    const range = begin > 0 ? { "content-range": `bytes ${begin}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(begin > 0 ? 206 : 200, { "content-length": rest.length, ...range });
    if (cutAfter === undefined || cutAfter >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, cutAfter), () => request.socket.destroy());
  }

  private note({ method, url, headers }: IncomingMessage): void {
    const extra = [headers.range, headers.authorization && "with token"].filter((text) => text !== undefined);
    this.requests.push([method, url, ...extra].join(" "));
  }
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
