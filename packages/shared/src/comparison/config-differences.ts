import type { ComparedRun } from "./compared-run.js";

/** A setting in which runs differ, with the value of each (null where the run has none). Nested settings are named with dots. */
export type ConfigDifference = { field: string; values: { run: string; value: unknown }[] };

type Config = Readonly<Record<string, unknown>>;

/**
 * Settings in which at least two of the runs that have them differ, in the order in which the configs name them. The config of a run that is
 * trained here is complete: what it leaves out of another such run's settings it does without, and that is a difference. Another script logs what
 * it likes: what it leaves out is not known.
 */
export function configDifferences(
  runs: readonly { id: string; origin: ComparedRun["origin"]; config: Config }[],
): ConfigDifference[] {
  const flat = runs.map(({ id, origin, config }) => ({ id, origin, settings: new Map(flatten(config)) }));
  const fields = new Set(flat.flatMap(({ settings }) => [...settings.keys()]));
  const differs = (field: string) => {
    const isOurs = flat.some(({ origin, settings }) => origin === "TRAINED_HERE" && settings.has(field));
    const known = flat.filter(({ origin, settings }) => settings.has(field) || (isOurs && origin === "TRAINED_HERE"));
    return new Set(known.map(({ settings }) => JSON.stringify(settings.get(field) ?? null))).size > 1;
  };
  return [...fields].filter(differs).map((field) => ({
    field,
    values: flat.map(({ id, settings }) => ({ run: id, value: settings.get(field) ?? null })),
  }));
}

function flatten(config: Config, prefix = ""): [string, unknown][] {
  return Object.entries(config).flatMap(([name, value]): [string, unknown][] => {
    const field = prefix + name;
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    return isNested ? flatten(value as Config, `${field}.`) : [[field, value]];
  });
}
