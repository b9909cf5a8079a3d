import { registerEnumType } from "type-graphql";

/** A GraphQL enum whose names are its values, and the object and union of them for TypeScript. */
export function graphqlEnum<const T extends string>(name: string, values: readonly T[]): { readonly [K in T]: K } {
  const object = Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };
  registerEnumType(object, { name });
  return object;
}
