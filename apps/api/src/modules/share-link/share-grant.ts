import type { ShareGrant } from "../../viewer.js";
import { thaw } from "./freeze-runs.js";
import type { ShareLink } from "./share-link.entity.js";
import { withoutPaths } from "./without-paths.js";

/** What a link lets its holder see: its runs (as they were, when it is frozen), and its experiment where that is what it shares. */
export function grantOf(link: ShareLink): ShareGrant {
  const runIds = new Set(link.runIds);
  const { frozenRuns, frozenAt } = link;
  return {
    linkId: link.id,
    frozenRunIds: frozenAt ? link.runIds : null,
    coversRun: (run) =>
      link.scope === "EXPERIMENT" && link.mode === "LIVE" ? run.experimentId === link.experimentId : runIds.has(run.id),
    coversExperiment: (experiment) => experiment.id === link.experimentId,
    present(run) {
      const frozen = frozenRuns?.[run.id];
      return withoutPaths(frozen && frozenAt ? thaw(run, frozen, frozenAt) : run);
    },
  };
}
