export interface ConfigRow {
  field: string;
  value: string | null;
  /** The value in the other run; undefined where nothing is compared. */
  other?: string | null;
  isDifferent: boolean;
}

/** A config as fields and values, nested ones as `optimizer.momentum`, beside another's where one is given. Sorted by field. */
export function configRows(config: unknown, other?: unknown): ConfigRow[] {
  const own = flatten(config);
  if (other === undefined)
    return [...own].sort(byField).map(([field, value]) => ({ field, value, isDifferent: false }));
  const theirs = flatten(other);
  const fields = [...new Set([...own.keys(), ...theirs.keys()])].sort();
  return fields.map((field) => {
    const value = own.get(field) ?? null;
    const otherValue = theirs.get(field) ?? null;
    return { field, value, other: otherValue, isDifferent: value !== otherValue };
  });
}

function byField([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path === "" ? name : `${path}.${name}`, into);
  } else if (path !== "") {
    into.set(path, typeof value === "string" ? value : JSON.stringify(value));
  }
  return into;
}
