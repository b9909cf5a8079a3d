// Writes down every operation of the dashboard, for the API: who only holds a share link may ask nothing else.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Kind, parse, print } from "graphql";

const root = import.meta.dirname;
const source = path.join(root, "src");
const definitions = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith(".graphql"))
  .flatMap((file) => parse(readFileSync(path.join(source, file), "utf8")).definitions);
const nameOf = (definition) =>
  definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
    ? (definition.name?.value ?? "")
    : "";
definitions.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
const target = path.join(root, "../../packages/shared/dashboard.graphql");
writeFileSync(target, `${definitions.map((definition) => print(definition)).join("\n\n")}\n`);
