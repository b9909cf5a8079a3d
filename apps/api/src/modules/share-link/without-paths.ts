import { Run } from "../run/run.entity.js";

/** A name on the Hub: who published it, and what. */
const hubName = /^[\w-][\w.-]*\/\w[\w.-]*$/;

/** The run without the folders in which its first weights lay: they name people and machines. Of a path its last part stays. */
export function withoutPaths(run: Run): Run {
  const { config, initialWeights } = run;
  const asked = config.initialWeights;
  return Object.assign(new Run(), run, {
    config: typeof asked === "string" ? { ...config, initialWeights: lastPart(asked) } : config,
    initialWeights: initialWeights && { ...initialWeights, source: lastPart(initialWeights.source) },
  });
}

function lastPart(source: string): string {
  return hubName.test(source) ? source : source.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
}
