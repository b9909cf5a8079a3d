/** Whether the If-None-Match of a request names this ETag: then its sender has the content already. */
export function isKnownEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? "").split(",").some((known) => ["*", etag].includes(known.trim().replace(/^W\//, "")));
}
