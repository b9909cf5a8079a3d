/** Trained weights that cannot be opened, exported or asked. The message says which file, why and what to do. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}
