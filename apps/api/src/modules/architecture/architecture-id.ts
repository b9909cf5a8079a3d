import { architectureFamilies, architectureIds } from "@residual/shared";
import { graphqlEnum } from "../../graphql-enum.js";

export const ArchitectureId = graphqlEnum("ArchitectureId", architectureIds);
export type ArchitectureId = keyof typeof ArchitectureId;

export const ArchitectureFamily = graphqlEnum("ArchitectureFamily", architectureFamilies);
export type ArchitectureFamily = keyof typeof ArchitectureFamily;
