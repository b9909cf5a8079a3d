import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where the Hub is and what may be asked of it. The same settings, from the same variables, as Hugging Face's Python library. */
export interface HubSettings {
  /** Scheme and host, without a slash at the end. */
  readonly endpoint: string;
  /** The folder that is shared with Python. */
  readonly cache: string;
  readonly token: string | undefined;
  /** Nothing is asked of the network. */
  readonly offline: boolean;
  /** Whether snapshots may link to blobs; they are copied otherwise. */
  readonly symlinks: boolean;
  /** Milliseconds until an answer about a file is given up. */
  readonly answerTimeout: number;
  /** Milliseconds without a byte until a download is given up. */
  readonly stallTimeout: number;
}

/** The public Hub, unless HF_ENDPOINT names a mirror. */
const publicHub = "huggingface.co";

type Environment = Readonly<Record<string, string | undefined>>;

export function hubSettings(environment: Environment): HubSettings {
  const of = (name: string) => environment[name] || undefined;
  const home = of("HF_HOME") ?? join(of("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  return {
    endpoint: (of("HF_ENDPOINT") ?? `https://${publicHub}`).replace(/\/+$/, ""),
    cache: of("HF_HUB_CACHE") ?? of("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"),
    token: (of("HF_TOKEN") ?? storedToken(of("HF_TOKEN_PATH") ?? join(home, "token")))?.trim() || undefined,
    offline: isTrue(of("HF_HUB_OFFLINE") ?? of("TRANSFORMERS_OFFLINE")),
    symlinks: !isTrue(of("HF_HUB_DISABLE_SYMLINKS")),
    answerTimeout: milliseconds(of("HF_HUB_ETAG_TIMEOUT")),
    stallTimeout: milliseconds(of("HF_HUB_DOWNLOAD_TIMEOUT")),
  };
}

/** What `hf auth login` left. */
function storedToken(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
}

/** Ten seconds unless said. */
function milliseconds(seconds: string | undefined): number {
  const given = Number(seconds);
  return 1000 * (given > 0 && Number.isFinite(given) ? given : 10);
}
