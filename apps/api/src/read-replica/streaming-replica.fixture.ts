import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.js";

export interface ReplicatedPostgres {
  primaryUrl: string;
  replicaUrl: string;
  /** Holds the replica at what it has replayed, or lets it go on. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  stopReplica(): Promise<void>;
  close(): Promise<void>;
}

const settings = { fsync: "off", full_page_writes: "off", max_connections: "60" };

/** A primary and a streaming replica of it, both of the embedded binaries; the copy is taken by hand, as npm's package has no pg_basebackup. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  // The names carry the pid: what a run that was killed leaves is cleared away by the next one (test-database.setup.ts).
  const folders = ["primary", "replica"].map((name) =>
    mkdtempSync(join(tmpdir(), `residual-test-${process.pid}-${name}-`)),
  );
  const [primaryDir, replicaDir] = folders as [string, string];
  const primary = await startEmbeddedPostgres({ dataDir: primaryDir, settings });
  await copyCluster(primary.url, primaryDir, replicaDir);
  const replica = await startEmbeddedPostgres({ dataDir: replicaDir, settings });
  const onReplica = async (statement: string) => {
    const client = new pg.Client({ connectionString: replica.url });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  return {
    primaryUrl: primary.url,
    replicaUrl: replica.url,
    pauseReplay: () => onReplica("SELECT pg_wal_replay_pause()"),
    resumeReplay: () => onReplica("SELECT pg_wal_replay_resume()"),
    stopReplica: () => replica.stop(),
    async close() {
      await replica.stop();
      await primary.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of the files in backup mode, with the label that tells the copy from where to replay, and the address to stream from. */
async function copyCluster(url: string, from: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT pg_backup_start('replica', fast => true)");
  cpSync(join(from, "postgres"), join(to, "postgres"), {
    recursive: true,
    filter: (path) => !/postmaster\.(pid|opts)$|pg_replslot\/.|pg_stat_tmp\/./.test(path),
  });
  cpSync(join(from, "postgres.password"), join(to, "postgres.password"));
  const { rows } = await client.query<{ labelfile: string }>(
    "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)",
  );
  await client.end();
  const cluster = join(to, "postgres");
  writeFileSync(join(cluster, "backup_label"), rows[0]!.labelfile);
  writeFileSync(join(cluster, "standby.signal"), "");
  const { hostname, port, username, password } = new URL(url);
  const auto = join(cluster, "postgresql.auto.conf");
  const address = `host=${hostname} port=${port} user=${username} password=${password}`;
  writeFileSync(auto, `${readFileSync(auto, "utf8")}\nprimary_conninfo = '${address}'\n`);
}
