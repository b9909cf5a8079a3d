import pg from "pg";

/** COPY … FROM STDIN (binary) of one bytea a row, as pg runs it: what Postgres takes when nothing is asked but to keep the bytes. */
class CopyBytes {
  constructor(table, frames) {
    this.text = `COPY ${table} (frame) FROM STDIN (FORMAT binary)`;
    this.frames = frames;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection) {
    connection.query(this.text);
  }

  handleCopyInResponse(connection) {
    const head = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
    const rows = this.frames.map((frame) => {
      const row = Buffer.alloc(6 + frame.length);
      row.writeInt16BE(1, 0);
      row.writeInt32BE(frame.length, 2);
      row.set(frame, 6);
      return row;
    });
    connection.sendCopyFromChunk(Buffer.concat([head, ...rows, Buffer.from([0xff, 0xff])]));
    connection.endCopyFrom();
  }

  handleCommandComplete() {}
  handleRowDescription() {}
  handleDataRow() {}
  handlePortalSuspended() {}
  handleEmptyQuery() {}
  handleError(error) {
    this.reject(error);
  }
  handleReadyForQuery() {
    this.resolve();
  }
}

/** Frames a second that COPY commits, `batch` a transaction, for `seconds`: the ceiling that everything else is compared with. */
export async function copyCeiling(databaseUrl, frame, batch, seconds) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("CREATE TABLE IF NOT EXISTS bench_copy (frame bytea NOT NULL)");
  await client.query("ALTER TABLE bench_copy ALTER COLUMN frame SET STORAGE EXTERNAL");
  const frames = Array.from({ length: batch }, () => frame);
  let count = 0;
  const started = performance.now();
  while (performance.now() - started < seconds * 1_000) {
    const copy = new CopyBytes("bench_copy", frames);
    client.query(copy);
    await copy.done;
    count += batch;
  }
  const rate = (count * 1_000) / (performance.now() - started);
  await client.query("DROP TABLE bench_copy");
  await client.end();
  return rate;
}
