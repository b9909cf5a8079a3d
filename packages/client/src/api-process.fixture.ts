import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../apps/api/dist/main.js", import.meta.url));
const ownerToken = "the owner's token of this test";

/** The real API over its own Postgres, in a process that can be killed. */
export class ApiProcess {
  private readonly data = mkdtempSync(join(tmpdir(), "residual-client-api-"));
  private child: ChildProcess | undefined;
  private port = 0;
  private cookie = "";

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts, also after a kill: on the same port, over the same data. */
  async start(): Promise<void> {
    this.port ||= await freePort();
    const child = spawn(process.execPath, [program], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env.PATH,
        PORT: String(this.port),
        RESIDUAL_DATA: this.data,
        RESIDUAL_OWNER_TOKEN: ownerToken,
      },
    });
    this.child = child;
    let printed = "";
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`The API ended:\n${printed}`)));
      child.stdout.on("data", (data: Buffer) => {
        printed += data.toString();
        if (printed.includes("The API answers at")) resolve();
      });
    });
    this.cookie ||= await this.signIn();
  }

  async kill(): Promise<void> {
    const ended = once(this.child!, "exit");
    this.child!.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    if (this.child?.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Asks as the owner; throws where the API refuses. */
  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await this.post(query, variables, { cookie: this.cookie });
    const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
    if (errors) throw new Error(errors[0]!.message);
    return data;
  }

  private async signIn(): Promise<string> {
    const query = "mutation ($token: String!) { signIn(input: { token: $token }) { id } }";
    const response = await this.post(query, { token: ownerToken }, {});
    return response.headers.get("set-cookie")!.split(";")[0]!;
  }

  private post(query: string, variables: Record<string, unknown>, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
