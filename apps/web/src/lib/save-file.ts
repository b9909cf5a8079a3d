/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A file name without the characters that some file system refuses. */
export function fileName(stem: string, extension: string): string {
  return `${stem.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80)}.${extension}`;
}
