import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { isCommit } from "./hub-name.js";
import type { HubSettings } from "./hub-settings.js";

/**
 * One repository in the cache that Hugging Face's Python library uses too: `refs/<revision>` holds a commit, `snapshots/<commit>/` links
 * each file to `blobs/<etag>`, `.no_exist/<commit>/` remembers files that are not there.
 */
export class HubCache {
  private readonly folder: string;
  private readonly locks: string;

  constructor(
    private readonly settings: Pick<HubSettings, "cache" | "symlinks">,
    repository: string,
  ) {
    const name = `models--${repository.replaceAll("/", "--")}`;
    this.folder = join(settings.cache, name);
    this.locks = join(settings.cache, ".locks", name);
  }

  /** The commit that a revision stood at when it was last seen. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const commit = await readFile(join(this.folder, "refs", revision), "utf8").catch(() => undefined);
    return commit !== undefined && isCommit(commit.trim()) ? commit.trim() : undefined;
  }

  async rememberCommit(revision: string, commit: string): Promise<void> {
    if ((await this.commitOf(revision)) === commit) return;
    const path = join(this.folder, "refs", revision);
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, commit);
    await rename(unfinished, path);
  }

  snapshot(commit: string): string {
    return join(this.folder, "snapshots", commit);
  }

  has(commit: string, file: string): boolean {
    return existsSync(join(this.snapshot(commit), file));
  }

  isKnownAbsent(commit: string, file: string): boolean {
    return existsSync(join(this.folder, ".no_exist", commit, file));
  }

  async rememberAbsent(commit: string, file: string): Promise<void> {
    const path = join(this.folder, ".no_exist", commit, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "");
  }

  /** The place of a file's content; its folder exists afterwards. */
  async blob(etag: string): Promise<string> {
    await mkdir(join(this.folder, "blobs"), { recursive: true });
    return join(this.folder, "blobs", etag);
  }

  /** Beside Python's lock, which cannot be taken from Node. */
  async lock(etag: string): Promise<string> {
    await mkdir(this.locks, { recursive: true });
    return join(this.locks, `${etag}.residual.lock`);
  }

  /** Makes the blob appear in the snapshot under its name. */
  async link(commit: string, file: string, blob: string): Promise<void> {
    const path = join(this.snapshot(commit), file);
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    await rm(unfinished, { force: true });
    const linked =
      this.settings.symlinks &&
      (await symlink(relative(dirname(path), blob), unfinished).then(
        () => true,
        () => false,
      ));
    if (!linked) await copyFile(blob, unfinished);
    await rename(unfinished, path);
  }
}
