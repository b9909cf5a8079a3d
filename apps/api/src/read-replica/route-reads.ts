import type { ApolloServerPlugin } from "@apollo/server";
import type { OperationDefinitionNode } from "graphql";
import type { Context } from "../context.js";

/** Lets everything that the context reads from now on come from the replica, where there is one that has what the viewer must see. */
export async function readFromReplica(context: Context): Promise<void> {
  const { replica, viewer } = context;
  const reads = replica && viewer && (await replica.readsFor(viewer.principal));
  if (reads) Object.assign(context, reads);
}

/** Queries read from the replica; who has sent a mutation sees what it changed. */
export const routeReads: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation?.operation !== "query") return;
        // The history that is asked for with or after a cursor of the feed must reach up to it, and the feed reads the primary.
        if (asksForCursor(operation)) mustSeeNow(contextValue);
        else await readFromReplica(contextValue);
      },
      async willSendResponse({ operation, contextValue }) {
        if (operation?.operation === "mutation" || (operation && asksForCursor(operation))) mustSeeNow(contextValue);
      },
    };
  },
};

/** After something was told to the viewer that the primary knows: what he asks for next must show it. */
export function mustSeeNow({ replica, viewer }: Pick<Context, "replica" | "viewer">): void {
  if (replica && viewer) replica.mustSeeNow(viewer.principal);
}

function asksForCursor({ selectionSet }: OperationDefinitionNode): boolean {
  // Inside a fragment it would not be seen: then it is taken for one.
  return selectionSet.selections.some(
    (selection) => selection.kind !== "Field" || selection.name.value === "metricCursor",
  );
}
