import { badInput } from "../../errors.js";

const most = 20;

/**
 * Origins as browsers write them, without repeats; they go into a page's policy, where a star or a path would mean more than one site. Throws
 * BAD_INPUT for anything else.
 */
export function cleanEmbedOrigins(origins: readonly string[]): string[] {
  if (origins.length > most)
    throw badInput("embedOrigins", `embedOrigins has ${origins.length} sites; at most ${most} are kept.`, [0, most]);
  return [...new Set(origins.map(cleanOrigin))];
}

function cleanOrigin(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const isSite = url && /^https?:$/.test(url.protocol) && /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/.test(url.hostname);
  if (
    url &&
    isSite &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "" &&
    url.password === ""
  )
    return url.origin;
  throw badInput(
    "embedOrigins",
    `${JSON.stringify(text.slice(0, 80))} is no site. Write it as https://wiki.example.org, without a path and without stars.`,
  );
}
