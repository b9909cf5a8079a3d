import type { DataSource } from "typeorm";
import type { ShareLink } from "./share-link.entity.js";

/** Of runs that are not named one by one, the environments of the newest are read. */
const mostRuns = 1_000;

/** What the product itself says: such a word in a name or a path names nobody, and hiding it would hide half of what is shown. */
const ownWords = new Set(
  (
    "acc accuracy all base batch best check checkpoint checkpoints class classes cpu cuda curve data dataset datasets default demo epoch error " +
    "eval exp experiment experiments file files folder git github gitlab gpu home http https image images label labels large learning local " +
    "localhost loss main master metric metrics model models name notebook optimizer output outputs owner python rate resnet root run runs " +
    "script scripts share small split step test time tiny train trainer training user users val valid validation value weights work worker"
  ).split(" "),
);

/** Settings and facts whose values say who, where or from what: as words of a key, however they are joined. */
const identifyingKey =
  /^(?:arg|args|argv|author|branch|cluster|cmd|cmdline|command|contact|creator|cwd|data|dataset|dir|directory|domain|email|entity|file|filename|folder|home|host|hostname|login|machine|mail|node|nodename|operator|org|organisation|organization|origin|owner|path|paths|project|remote|repo|repository|root|script|server|team|uri|url|user|username|worker|workspace)$/i;

/** Whether what stands under this key of a config or an environment may say who, where or from what. */
export function isIdentifyingKey(key: string): boolean {
  return key
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}]+/u)
    .some((word) => identifyingKey.test(word));
}

/**
 * What the server knows that would tell who is behind the runs of a link: people and their addresses, machines, workers, datasets, and what the
 * runs' environments say of where they ran. Single words of them count, too, from four letters on.
 */
export async function identifyingWords(db: DataSource, link: ShareLink): Promise<string[]> {
  const [project]: { dist_key: number }[] = await db.query("SELECT dist_key FROM project WHERE id = $1", [
    link.projectId,
  ]);
  const [people, workers, datasets, environments]: [
    { name: string; email: string | null }[],
    { name: string; host: string }[],
    { name: string; path: string }[],
    { environment: unknown }[],
  ] = await Promise.all([
    db.query("SELECT name, email FROM app_user"),
    db.query("SELECT name, host FROM worker"),
    db.query("SELECT name, path FROM dataset WHERE project_id = $1", [link.projectId]),
    db.query(
      `SELECT environment FROM run
       WHERE dist_key = $1 AND (id = ANY($2) OR experiment_id = $3) AND environment IS NOT NULL
       ORDER BY created_at DESC, id DESC LIMIT ${mostRuns}`,
      [project!.dist_key, link.runIds, link.experimentId],
    ),
  ]);
  const whole = [
    ...people.flatMap(({ name, email }) => [name, ...(email === null ? [] : [email, ...email.split("@")])]),
    ...workers.flatMap(({ name, host }) => [name, host]),
    ...datasets.flatMap(({ name, path }) => [name, path]),
    ...environments.flatMap(({ environment }) => textsUnder(environment, false)),
  ];
  const words = new Set(whole.filter((text) => text.length >= 3));
  for (const text of whole) for (const part of text.split(/[^\p{L}\p{N}]+/u)) if (part.length >= 4) words.add(part);
  return [...words].filter((word) => !ownWords.has(word.toLowerCase()) && !/^[\d.]+$/.test(word));
}

/** The texts of an environment that stand under a key that says who or where. */
function textsUnder(value: unknown, isIdentifying: boolean): string[] {
  if (typeof value === "string") return isIdentifying ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textsUnder(inner, isIdentifying || (!Array.isArray(value) && isIdentifyingKey(key))),
  );
}
