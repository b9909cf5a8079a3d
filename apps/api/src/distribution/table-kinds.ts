/**
 * Where a table lives when Postgres is sharded (Citus): `distributed` over the shards by dist_key, a `reference` copied to every node,
 * `local` to the coordinator, or `untold`: there too, and Citus is not told of it.
 */
export type TableKind = "distributed" | "reference" | "local" | "untold";

/**
 * Every table of the schema. What belongs to a run is distributed, and its primary key begins with dist_key. The control plane is not:
 * it is small, is written by people rather than by training, and has keys and constraints across projects.
 */
export const tableKinds: Readonly<Record<string, TableKind>> = {
  run: "distributed",
  run_param: "distributed",
  run_writer: "distributed",
  run_generation: "distributed",
  run_notice: "distributed",
  checkpoint: "distributed",
  evaluation: "distributed",
  test_score: "distributed",
  applied_advice: "distributed",
  sweep: "distributed",
  artifact: "distributed",
  metric_stream: "distributed",
  metric_frame: "distributed",
  metric_receipt: "distributed",
  metric_compaction: "distributed",
  metric_series: "distributed",
  metric_chunk: "distributed",
  metric_chunk_old: "distributed",
  metric_axis: "distributed",
  metric_tail: "distributed",
  metric_rollup: "distributed",
  metric_pyramid: "distributed",
  // Runs refer to these, so that every shard needs them.
  project: "reference",
  experiment: "reference",
  dataset: "reference",
  dataset_images: "reference",
  // One queue for all projects: a claim takes the most urgent job of all and locks it (SKIP LOCKED), which no shard can do for the others.
  job: "local",
  run_lease: "local",
  worker: "local",
  app_user: "local",
  user_identity: "local",
  membership: "local",
  invite: "local",
  // Of a table that Citus knows, a trigger for statements stays on the shell of it and never fires: nothing would protect the log.
  audit_event: "untold",
  session: "local",
  api_key: "local",
  share_link: "local",
  share_session: "local",
  // One content may belong to many projects, and it is locked where its files are removed.
  blob: "local",
  upload: "local",
  migrations: "untold",
};
