import { connect } from "node:net";
import { StartError } from "./progress.mjs";

/**
 * Resolves when something listens where DATABASE_URL points. While nothing does, says so once and waits on: databases are often
 * started beside us, and nobody should have to start us in the right order. Throws a StartError for an address that is no PostgreSQL's.
 */
export async function waitForDatabase(databaseUrl) {
  const place = placeOf(databaseUrl);
  if (!place) return;
  for (let attempt = 0; ; attempt++) {
    const problem = await tryToReach(place);
    if (!problem) return;
    if (attempt === 0) {
      console.log(
        `The database at ${place.host}:${place.port} does not answer (${problem}). Waiting for it: start it, or press Ctrl-C and check DATABASE_URL.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Host and port, never the password; undefined for a Unix socket, which only the driver can find. */
export function placeOf(databaseUrl) {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new StartError(
      "DATABASE_URL is no address of a PostgreSQL database. Write it as postgres://user:password@host:5432/name, or leave it unset for the embedded one.",
    );
  }
  const { hostname, port, searchParams } = new URL(databaseUrl);
  if (hostname === "" || searchParams.has("host")) return undefined;
  return { host: decodeURIComponent(hostname).replace(/^\[|\]$/g, ""), port: Number(port || 5432) };
}

/** Why nothing can be reached there, or null. */
function tryToReach({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => end(null));
    socket.once("timeout", () => end("no answer within 5 s"));
    socket.once("error", (error) => end(error.code ?? error.message));
  });
}
