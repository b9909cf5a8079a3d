import { existsSync } from "node:fs";
import { join } from "node:path";
import { configFiles } from "../weights/pretrained/checkpoint-config.js";
import { indexFile, weightsFile } from "../weights/pretrained/open-checkpoint.js";
import { PretrainedError, WeightsNotFound } from "../weights/pretrained/pretrained-error.js";
import { isJsonObject, readJsonObject } from "../weights/pretrained/read-json.js";
import { type DownloadProgress, downloadFile } from "./download-file.js";
import { withFileLock } from "./file-lock.js";
import { HubCache } from "./hub-cache.js";
import { HubUnreachable } from "./hub-error.js";
import { describeFile, type HubFile } from "./hub-file.js";
import { type HubName, isCommit } from "./hub-name.js";
import type { HubSettings } from "./hub-settings.js";

export interface HubOptions {
  readonly settings: HubSettings;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface HubSnapshot {
  /** With `model.safetensors` or the index of its shards, and what describes them. */
  readonly folder: string;
  readonly commit: string;
  /** Why the network was not asked or could not be, where the cache alone had to do. */
  readonly note: string | undefined;
}

/**
 * The folder with a repository's weights: from the cache that is shared with Python, or downloaded into it. Only the weights and their
 * configuration are fetched. Throws a PretrainedError that says what to do by hand if they cannot be had.
 */
export async function hubSnapshot(name: HubName, options: HubOptions): Promise<HubSnapshot> {
  const { settings } = options;
  const cache = new HubCache(settings, name.repository);
  const cached = await cachedSnapshot(cache, name);
  // A commit never changes; if its weights are here there is nothing to ask.
  if (cached && isCommit(name.revision)) return { ...cached, note: undefined };
  if (settings.offline) {
    if (cached) return { ...cached, note: "HF_HUB_OFFLINE is set: the cached state was taken." };
    throw absent(name, settings, "HF_HUB_OFFLINE is set, so that the Hub is not asked");
  }
  try {
    return { ...(await new Fetching(name, cache, options).all()), note: undefined };
  } catch (error) {
    if (!(error instanceof HubUnreachable)) throw error;
    if (cached)
      return { ...cached, note: `The Hub could not be asked (${error.message}): the cached state was taken.` };
    throw absent(name, settings, error.message);
  }
}

async function cachedSnapshot(cache: HubCache, name: HubName): Promise<{ folder: string; commit: string } | undefined> {
  const commit = await cache.commitOf(name.revision);
  if (commit === undefined) return undefined;
  const folder = cache.snapshot(commit);
  if (cache.has(commit, weightsFile)) return { folder, commit };
  const index = await readJsonObject(join(folder, indexFile)).catch(() => undefined);
  const shards = index && shardsOf(index);
  return shards?.every((shard) => cache.has(commit, shard)) ? { folder, commit } : undefined;
}

/** Brings the files of one repository into the cache, all of the commit that the first answer names. */
class Fetching {
  private commit: string | undefined;

  constructor(
    private readonly name: HubName,
    private readonly cache: HubCache,
    private readonly options: HubOptions,
  ) {}

  async all(): Promise<{ folder: string; commit: string }> {
    if (!(await this.fetch(weightsFile)) && !(await this.fetchShards())) {
      throw new PretrainedError(
        `${this.name.repository}@${this.name.revision} has no ${weightsFile}. Choose a repository or a revision that has (some keep it under a pull request: @refs/pr/2).`,
      );
    }
    for (const file of configFiles) await this.fetch(file);
    const commit = this.commit!;
    await this.cache.rememberCommit(this.name.revision, commit);
    return { folder: this.cache.snapshot(commit), commit };
  }

  private async fetchShards(): Promise<boolean> {
    if (!(await this.fetch(indexFile))) return false;
    const path = join(this.cache.snapshot(this.commit!), indexFile);
    for (const shard of shardsOf((await readJsonObject(path)) ?? {})) {
      if (!(await this.fetch(shard))) throw new PretrainedError(`${path} names ${shard}, which the repository lacks.`);
    }
    return true;
  }

  /** Whether the repository has the file, which is then in the snapshot. */
  private async fetch(file: string): Promise<boolean> {
    const { name, cache, options, commit: known } = this;
    if (known !== undefined) {
      if (cache.has(known, file)) return true;
      if (cache.isKnownAbsent(known, file)) return false;
    }
    const revision = known ?? name.revision;
    const found = await describeFile({ ...name, revision }, file, options.settings, options.signal);
    if (!found) {
      if (known !== undefined) await cache.rememberAbsent(known, file);
      return false;
    }
    this.commit = found.commit;
    if (!cache.has(found.commit, file)) await this.download(file, found);
    return true;
  }

  private async download(file: string, found: HubFile): Promise<void> {
    const { cache, options } = this;
    const blob = await cache.blob(found.etag);
    // Two workers on one machine fetch a checkpoint once.
    await withFileLock(await cache.lock(found.etag), options.signal, async () => {
      if (!existsSync(blob)) await downloadFile(found, blob, { ...options, name: `${this.name.repository}/${file}` });
    });
    await cache.link(found.commit, file, blob);
  }
}

function shardsOf(index: Readonly<Record<string, unknown>>): string[] {
  const map = index.weight_map;
  const names = isJsonObject(map) ? Object.values(map) : [];
  return [...new Set(names)].filter(
    (name) => typeof name === "string" && /^[\w-][\w.-]*\.safetensors$/.test(name),
  ) as string[];
}

function absent({ repository, revision }: HubName, { cache }: HubSettings, reason: string): WeightsNotFound {
  const version = revision === "main" ? "" : ` --revision ${revision}`;
  return new WeightsNotFound(
    `The weights ${repository}@${revision} are not in ${cache}, and they cannot be downloaded: ${reason}. ` +
      `On a machine with a connection run "hf download ${repository}${version} ${weightsFile} ${configFiles.join(" ")}" and copy its cache here, ` +
      `or put ${weightsFile} and config.json into a folder and name that folder. HF_ENDPOINT names a mirror of the Hub.`,
  );
}
