/** A message on the ingest socket that cannot be read: the connection ends with it, since nothing after it can be trusted. */
export class IngestSocketError extends Error {
  override readonly name = "IngestSocketError";
}
