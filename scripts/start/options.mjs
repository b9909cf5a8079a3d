import path from "node:path";
import { parseArgs } from "node:util";

const help = `npm start -- [options]

  Installs what is missing, builds, starts the database, the API, one worker and the dashboard,
  and prints one address that signs you in. Ctrl-C stops everything; the data stays.

  --port <n>      port of the dashboard (default: 3000, or the next free one)
  --data <dir>    where the database, checkpoints and logs live (default: .residual)
  --empty         an empty database stays empty: no shipped dataset, no first experiment
  --no-worker     start no worker here (others may connect with a key from Settings)
  --verbose       show the logs of every part (they are always written to <data>/logs)
  --help          this text

  DATABASE_URL    use this PostgreSQL 15+ instead of the embedded one
`;

/** Parses the command line; prints the help or the mistake and exits where there is nothing to start. */
export function readOptions(argv, root) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        port: { type: "string" },
        data: { type: "string", default: path.join(root, ".residual") },
        empty: { type: "boolean", default: false },
        "no-worker": { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    console.error(`--port must be a number from 0 to 65535, not "${values.port}".`);
    process.exit(2);
  }
  return {
    port,
    dataDir: path.resolve(values.data),
    empty: values.empty,
    withWorker: !values["no-worker"],
    verbose: values.verbose,
  };
}
