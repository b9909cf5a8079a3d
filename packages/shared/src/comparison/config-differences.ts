/** A setting in which runs differ, with the value of each (null where the run has none). Nested settings are named with dots. */
export type ConfigDifference = { field: string; values: { run: string; value: unknown }[] };

type Config = Readonly<Record<string, unknown>>;

/** Settings in which at least two of the runs differ, in the order in which the configs name them. */
export function configDifferences(runs: readonly { id: string; config: Config }[]): ConfigDifference[] {
  const flat = runs.map(({ id, config }) => ({ id, settings: new Map(flatten(config)) }));
  const fields = new Set(flat.flatMap(({ settings }) => [...settings.keys()]));
  return [...fields]
    .map((field) => ({
      field,
      values: flat.map(({ id, settings }) => ({ run: id, value: settings.get(field) ?? null })),
    }))
    .filter(({ values }) => new Set(values.map(({ value }) => JSON.stringify(value))).size > 1);
}

function flatten(config: Config, prefix = ""): [string, unknown][] {
  return Object.entries(config).flatMap(([name, value]): [string, unknown][] => {
    const field = prefix + name;
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    return isNested ? flatten(value as Config, `${field}.`) : [[field, value]];
  });
}
