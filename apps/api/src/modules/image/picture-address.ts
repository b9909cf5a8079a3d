/** Where the picture of an image is served: image `index` of the list that `imagesHash` names, as part of what a run was scored on. */
export function pictureAddress(runId: string, imagesHash: string, index: number): string {
  return `/image/${runId}/${imagesHash}/${index}`;
}
