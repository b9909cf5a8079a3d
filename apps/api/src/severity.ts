import { graphqlEnum } from "./graphql-enum.js";

export const Severity = graphqlEnum("Severity", ["INFO", "WARN", "BAD"]);
export type Severity = keyof typeof Severity;
