/** Where the bytes of an artifact are served. */
export function artifactPath(id: string): string {
  return `/artifact/${id}`;
}
