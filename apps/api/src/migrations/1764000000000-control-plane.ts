import type { MigrationInterface, QueryRunner } from "typeorm";

/** Projects, experiments, datasets, runs, workers, jobs, checkpoints, and the credentials of members. */
export class ControlPlane1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session (
        token_hash bytea PRIMARY KEY,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL
      );
      CREATE TABLE api_key (
        id text PRIMARY KEY,
        name text NOT NULL,
        key_hash bytea NOT NULL UNIQUE,
        last_four text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3),
        last_used_at timestamptz(3),
        revoked_at timestamptz(3)
      );
      CREATE TABLE project (
        id text PRIMARY KEY,
        dist_key bigint NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,
        slug text NOT NULL UNIQUE,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE TABLE experiment (
        id text PRIMARY KEY,
        dist_key bigint NOT NULL,
        project_id text NOT NULL REFERENCES project (id),
        name text NOT NULL,
        question text NOT NULL,
        selection_metric text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX experiment_of_project ON experiment (project_id, created_at, id);
      CREATE TABLE dataset (
        id text PRIMARY KEY,
        dist_key bigint NOT NULL,
        project_id text NOT NULL REFERENCES project (id),
        name text NOT NULL,
        path text NOT NULL,
        status text NOT NULL CHECK (status IN ('SCANNING', 'READY', 'FAILED')),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        scanned_at timestamptz(3),
        progress jsonb,
        error text,
        image_count integer NOT NULL DEFAULT 0,
        classes jsonb NOT NULL DEFAULT '[]',
        content_hash text,
        val_fraction double precision NOT NULL,
        test_fraction double precision NOT NULL,
        split_seed integer NOT NULL,
        duplicates jsonb NOT NULL DEFAULT '[]',
        unreadable jsonb NOT NULL DEFAULT '[]',
        warnings jsonb NOT NULL DEFAULT '[]'
      );
      CREATE INDEX dataset_of_project ON dataset (project_id, created_at);
      CREATE TABLE run (
        dist_key bigint NOT NULL,
        id text NOT NULL,
        project_id text NOT NULL REFERENCES project (id),
        experiment_id text NOT NULL REFERENCES experiment (id),
        dataset_id text REFERENCES dataset (id),
        name text NOT NULL,
        status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'FINISHED', 'FAILED', 'STOPPED')),
        architecture text,
        config jsonb NOT NULL DEFAULT '{}',
        tags text[] NOT NULL DEFAULT '{}',
        notes text NOT NULL DEFAULT '',
        seed integer,
        "group" text,
        origin text NOT NULL CHECK (origin IN ('TRAINED_HERE', 'LOGGED')),
        error text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        trashed_at timestamptz(3),
        stop_requested boolean NOT NULL DEFAULT false,
        cancel_requested boolean NOT NULL DEFAULT false,
        progress jsonb,
        passport jsonb,
        environment jsonb,
        lease_generation integer NOT NULL DEFAULT 0,
        measured_images_per_second double precision,
        measured_memory_bytes bigint,
        PRIMARY KEY (dist_key, id)
      );
      CREATE INDEX run_by_id ON run (id);
      CREATE INDEX run_of_project ON run (project_id, created_at, id);
      CREATE INDEX run_of_experiment ON run (experiment_id, created_at, id);
      CREATE TABLE worker (
        id text PRIMARY KEY,
        name text NOT NULL,
        host text NOT NULL,
        backend text NOT NULL,
        device text NOT NULL,
        gigaflops double precision NOT NULL,
        memory_bytes bigint NOT NULL,
        threads integer NOT NULL,
        version text NOT NULL,
        executors jsonb NOT NULL,
        started_at timestamptz(3) NOT NULL DEFAULT now(),
        last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (host, name)
      );
      CREATE TABLE job (
        id text PRIMARY KEY,
        dist_key bigint NOT NULL,
        project_id text NOT NULL REFERENCES project (id),
        run_id text,
        dataset_id text NOT NULL REFERENCES dataset (id),
        kind text NOT NULL CHECK (kind IN ('TRAIN_RUN', 'SCAN_DATASET')),
        status text NOT NULL CHECK (status IN ('QUEUED', 'LEASED', 'DONE', 'FAILED', 'CANCELLED')),
        priority integer NOT NULL DEFAULT 0,
        lease_generation integer NOT NULL DEFAULT 0,
        lease_until timestamptz(3),
        worker_id text REFERENCES worker (id),
        attempt integer NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        resumed_from_step bigint,
        error text,
        CHECK ((kind = 'TRAIN_RUN') = (run_id IS NOT NULL)),
        FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id)
      );
      CREATE INDEX job_open ON job (priority DESC, id) WHERE status IN ('QUEUED', 'LEASED');
      CREATE INDEX job_of_run ON job (run_id, id);
      CREATE INDEX job_of_dataset ON job (dataset_id);
      CREATE INDEX job_of_worker ON job (worker_id) WHERE status = 'LEASED';
      -- A run and a scan have at most one open job: two workers must never train the same run.
      CREATE UNIQUE INDEX job_open_of_run ON job (run_id) WHERE status IN ('QUEUED', 'LEASED') AND kind = 'TRAIN_RUN';
      CREATE UNIQUE INDEX job_open_of_dataset ON job (dataset_id) WHERE status IN ('QUEUED', 'LEASED') AND kind = 'SCAN_DATASET';
      CREATE TABLE checkpoint (
        dist_key bigint NOT NULL,
        run_id text NOT NULL,
        step bigint NOT NULL,
        lease_generation integer NOT NULL,
        epoch integer NOT NULL,
        path text NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (dist_key, run_id, step, lease_generation),
        FOREIGN KEY (dist_key, run_id) REFERENCES run (dist_key, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE checkpoint, job, worker, run, dataset, experiment, project, api_key, session");
  }
}
