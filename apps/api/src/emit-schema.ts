import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { schemaText } from "./schema.js";

/** `npm run generate`: writes the schema that this API serves to where the other rooms read it. */
writeFileSync(createRequire(import.meta.url).resolve("@residual/shared/schema.graphql"), schemaText());
