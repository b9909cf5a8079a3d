import { parseArgs } from "node:util";

export const help = `worker [doctor] [options]

  Claims jobs of the API at API_URL, one after another, and does them.

  --once          do one job and end: 0 done or given back, 1 crashed, 3 there was none
  --wait SECONDS  how long --once waits for a job (default: 0)

  doctor          examine this machine and end: 0 it can train, 1 it cannot
  --json          as JSON
`;

export type Options =
  | { readonly command: "work"; readonly once: { readonly waitSeconds: number } | null }
  | { readonly command: "doctor"; readonly json: boolean }
  | { readonly command: "help" };

/** Reads the command line. Throws an Error with the mistake and the help. */
export function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: "help" };
  const [command = "work", ...rest] = positionals;
  if (rest.length > 0 || !["work", "doctor"].includes(command)) {
    throw new Error(`"${positionals.join(" ")}" is no command.\n\n${help}`);
  }
  if (command === "doctor") {
    if (values.once || values.wait !== undefined) throw new Error(`doctor takes no --once and no --wait.\n\n${help}`);
    return { command, json: values.json };
  }
  if (values.json) throw new Error(`--json belongs to doctor.\n\n${help}`);
  if (values.wait !== undefined && !values.once) throw new Error(`--wait belongs to --once.\n\n${help}`);
  const waitSeconds = Number(values.wait ?? 0);
  if (!(waitSeconds >= 0)) throw new Error(`--wait takes a number of seconds, not "${values.wait}".\n\n${help}`);
  return { command: "work", once: values.once ? { waitSeconds } : null };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        once: { type: "boolean", default: false },
        wait: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${help}`);
  }
}
