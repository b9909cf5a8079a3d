/** A folder of images that cannot be used. The message names the folder and says what to do. */
export class DatasetError extends Error {
  override name = "DatasetError";
}
