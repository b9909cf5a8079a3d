import { join } from "node:path";

/** Where a worker keeps what outlives a job. */
export interface DataFolders {
  readonly checkpoints: string;
  readonly spools: string;
  readonly scans: string;
  readonly pixels: string;
  readonly crashes: string;
}

/** Spools belong to a slot: only its own process sends them. Everything else is shared by all workers of a data folder. */
export function foldersIn(dataFolder: string, slot: string): DataFolders {
  return {
    checkpoints: join(dataFolder, "checkpoints"),
    spools: join(dataFolder, "spool", slot),
    scans: join(dataFolder, "scans"),
    pixels: join(dataFolder, "pixels"),
    crashes: join(dataFolder, "crashes"),
  };
}
