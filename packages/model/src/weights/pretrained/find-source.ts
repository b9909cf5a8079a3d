import { existsSync } from "node:fs";
import { parseHubName } from "../../hub/hub-name.js";
import { hubSettings } from "../../hub/hub-settings.js";
import { hubSnapshot } from "../../hub/hub-snapshot.js";
import type { PretrainedOptions } from "./load-pretrained.js";
import { PretrainedError } from "./pretrained-error.js";

/** A file or folder on this machine, and the Hub's commit and what is to be said of it, where it came from there. */
export interface FoundSource {
  readonly path: string;
  readonly commit?: string;
  readonly note?: string | undefined;
}

/** What is on the disk goes before a name on the Hub; `hf:` insists on the Hub. Throws a PretrainedError if there is neither. */
export async function findSource(
  options: Pick<PretrainedOptions, "source" | "hub" | "onProgress" | "signal">,
): Promise<FoundSource> {
  const { source, hub = hubSettings(process.env), onProgress, signal } = options;
  if (existsSync(source)) return { path: source };
  const name = parseHubName(source);
  if (!name) {
    throw new PretrainedError(
      `There are no weights "${source}". Name a safetensors file, a folder with model.safetensors, or a repository on the Hub such as timm/resnet18.a1_in1k (with a version: timm/resnet18.a1_in1k@main).`,
    );
  }
  const { folder, commit, note } = await hubSnapshot(name, { settings: hub, onProgress, signal });
  return { path: folder, commit, note };
}
