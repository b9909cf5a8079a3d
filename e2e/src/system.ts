import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type GraphQLClient, signIn } from "./graphql-client.js";

export const repository = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface System {
  readonly url: string;
  readonly origin: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything that `npm start` printed so far. */
  output(): string;
  owner(): Promise<GraphQLClient>;
  /** What Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** Stops and removes all data. */
  close(): Promise<void>;
}

export interface Surroundings {
  /** A command that runs the one behind it: the system in a namespace of its own, say. */
  readonly within?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears everything that was printed so far, also before the system is up. */
  readonly onPrinted?: (printed: string) => void;
}

/** Starts the product as a user does, in a data folder of its own (or in `dataDir`, for a second start). */
export async function startSystem(
  options: readonly string[] = ["--empty"],
  dataDir?: string,
  { within = [], environment, onPrinted }: Surroundings = {},
): Promise<System> {
  const data = dataDir ?? mkdtempSync(path.join(tmpdir(), "residual-e2e-"));
  const start = [process.execPath, "scripts/start.mjs", "--data", data, "--port", "0", ...options];
  const [program, ...args] = [...within, ...start];
  const child = spawn(program!, args, {
    cwd: repository,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const read = (chunk: string): void => {
    printed += chunk;
    onPrinted?.(printed);
  };
  child.stdout.setEncoding("utf8").on("data", read);
  child.stderr.setEncoding("utf8").on("data", read);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = /Residual runs at (\S+)/.exec(printed)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on("data", look);
    void exited.then((code) =>
      reject(new Error(`npm start ended with code ${code}:\n${printed}\n${lastLog(data, "API")}`)),
    );
  });
  const interrupt = (): Promise<number | null> => {
    child.kill("SIGINT");
    return exited;
  };
  return {
    url,
    origin: new URL(url).origin,
    dataDir: data,
    process: child,
    output: () => printed,
    owner: () => signIn(new URL(url).origin, new URL(url).hash.replace("#token=", "")),
    interrupt,
    close: async () => {
      if (child.exitCode === null) await interrupt();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The log of one part, for the message of a failing test. */
function lastLog(dataDir: string, part: string): string {
  try {
    return readFileSync(path.join(dataDir, "logs", `${part}.log`), "utf8")
      .split("\n")
      .slice(-40)
      .join("\n");
  } catch {
    return "";
  }
}
