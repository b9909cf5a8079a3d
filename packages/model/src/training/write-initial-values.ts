import type { ArchitectureSpec } from "../architectures/registry.js";
import type { Session } from "../executors/executor.js";
import type { VariableSpec } from "../graph/graph.js";
import { initializeVariables } from "../weights/initialize.js";
import { inGroups } from "./variable-groups.js";

/** Gives the variables of a session random weights and empty slots, a group at a time: those of a ViT-L are gigabytes together. */
export async function writeInitialValues(
  session: Session,
  variables: readonly VariableSpec[],
  family: ArchitectureSpec["family"],
  seed: number,
): Promise<void> {
  for (const group of inGroups(variables)) {
    await session.write(initializeVariables({ variables: group }, family, seed));
  }
}
