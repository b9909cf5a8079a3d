import { parseArgs } from "node:util";

export const help = `worker [options]

  Claims jobs of the API at API_URL, one after another, and does them.

  --once          do one job and end: 0 done or given back, 1 crashed, 3 there was none
  --wait SECONDS  how long --once waits for a job (default: 0)
`;

export interface Options {
  readonly once: { readonly waitSeconds: number } | null;
  readonly help: boolean;
}

/** Reads the command line. Throws an Error with the mistake and the help. */
export function readOptions(argv: readonly string[]): Options {
  const { once, wait, help: isHelp } = parse(argv);
  if (wait !== undefined && !once) throw new Error(`--wait belongs to --once.\n\n${help}`);
  const waitSeconds = Number(wait ?? 0);
  if (!(waitSeconds >= 0)) throw new Error(`--wait takes a number of seconds, not "${wait}".\n\n${help}`);
  return { once: once ? { waitSeconds } : null, help: isHelp };
}

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        once: { type: "boolean", default: false },
        wait: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${help}`);
  }
}
