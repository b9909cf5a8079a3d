import type { ShareGrant } from "../../viewer.js";
import type { Anonymizer } from "./anonymizer.js";
import { thaw } from "./freeze-runs.js";
import { thawDataset, thawExperiment } from "./freeze-surroundings.js";
import type { ShareLink } from "./share-link.entity.js";
import { withoutNames } from "./without-names.js";
import { withoutPaths } from "./without-paths.js";

/**
 * What a link lets its holder see: its runs (as they were, when it is frozen), and its experiment where that is what it shares. `anonymizer`: of an
 * anonymous link, else null.
 */
export function grantOf(link: ShareLink, anonymizer: Anonymizer | null): ShareGrant {
  const runIds = new Set(link.runIds);
  const { frozenRuns, frozenAt, frozenSurroundings } = link;
  const moment = frozenAt && { at: frozenAt, gapThreshold: frozenSurroundings?.gapThreshold };
  const presentText = (text: string) => anonymizer?.text(text) ?? text;
  const showsKey = (key: string) => anonymizer?.showsKey(key) ?? true;
  return {
    linkId: link.id,
    isAnonymous: anonymizer !== null,
    frozenRunIds: frozenAt ? link.runIds : null,
    coversRun: (run) =>
      link.scope === "EXPERIMENT" && link.mode === "LIVE" ? run.experimentId === link.experimentId : runIds.has(run.id),
    coversExperiment: (experiment) => experiment.id === link.experimentId,
    present(run) {
      const frozen = frozenRuns?.[run.id];
      const shown = withoutPaths(frozen && moment ? thaw(run, frozen, moment) : run);
      return anonymizer ? withoutNames(shown, anonymizer) : shown;
    },
    presentExperiment(experiment) {
      const shown = thawExperiment(experiment, frozenSurroundings);
      const { name, question, selectionMetric } = shown;
      return Object.assign(shown, {
        name: presentText(name),
        question: presentText(question),
        selectionMetric: showsKey(selectionMetric) ? selectionMetric : presentText(selectionMetric),
      });
    },
    presentDataset(dataset) {
      const shown = thawDataset(dataset, frozenSurroundings);
      if (!anonymizer) return shown;
      return Object.assign(shown, {
        name: anonymizer.alias(shown.name),
        classes: shown.classes.map((one) => ({ ...one, name: presentText(one.name) })),
        warnings: [],
      });
    },
    presentText,
    showsKey,
  };
}
