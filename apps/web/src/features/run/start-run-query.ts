import { choices } from "@/features/launch/advanced-fields";
import { cloneConfig } from "./clone-config";

const enums = new Set(["architecture", ...Object.keys(choices)]);

/** The mutation that would start this run again, as GraphQL text to paste. Null where the run has no settings that a worker knows. */
export function startRunQuery(run: {
  config: unknown;
  experiment: string;
  dataset: string | null;
  name: string;
}): string | null {
  const config = cloneConfig(run.config);
  if (!config.architecture || run.dataset === null) return null;
  const fields = Object.entries(config).map(
    ([name, value]) => `      ${name}: ${enums.has(name) ? String(value) : JSON.stringify(value)}`,
  );
  return `mutation {
  startRun(input: {
    experiment: ${JSON.stringify(run.experiment)}
    dataset: ${JSON.stringify(run.dataset)}
    name: ${JSON.stringify(run.name)}
    config: {
${fields.join("\n")}
    }
  }) {
    id
  }
}
`;
}
