/**
 * Whether an error of the database says that a row is there already, by the constraint or unique index of that name. In a sharded Postgres each
 * shard has its own, whose name ends in the shard's number.
 */
export function isUniqueViolation(error: unknown, name: string): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === "23505" && (constraint === name || constraint?.replace(/_\d+$/, "") === name);
}
