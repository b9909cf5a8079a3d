import type { ExportField } from "./export-table.js";

type Kind = "number" | "boolean" | "text" | "json";
type Settings = ReadonlyMap<string, unknown>;

/** The settings of a run's config by their paths, as optimizer.momentum. Lists and empty objects are values, not groups. */
export function flatConfig(config: Readonly<Record<string, unknown>>): Settings {
  const flat = new Map<string, unknown>();
  const add = (group: Readonly<Record<string, unknown>>, prefix: string) => {
    for (const [name, value] of Object.entries(group)) {
      if (isGroup(value)) add(value, `${prefix}${name}.`);
      else flat.set(prefix + name, value);
    }
  };
  add(config, "");
  return flat;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

/** Collects which settings the configs of many runs have, to make a column of each. */
export class ConfigColumns {
  readonly #kinds = new Map<string, Kind>();

  add(settings: Settings): void {
    for (const [path, value] of settings) {
      const kind = kindOf(value);
      if (kind === null) continue;
      const known = this.#kinds.get(path);
      this.#kinds.set(path, known === undefined || known === kind ? kind : "json");
    }
  }

  get count(): number {
    return this.#kinds.size;
  }

  /** A column a setting, ordered by path; one whose values are of several kinds holds them as JSON. */
  columns(): { field: ExportField; cellOf: (settings: Settings) => string | number | boolean | null }[] {
    return [...this.#kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, kind]) => ({
        field: { name: `config.${path}`, type: kind === "json" ? "text" : kind },
        cellOf: (settings) => {
          const value = settings.get(path) ?? null;
          return kind === "json" && value !== null
            ? JSON.stringify(value)
            : (value as string | number | boolean | null);
        },
      }));
  }
}

function kindOf(value: unknown): Kind | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "string" ? "text" : "json";
}
