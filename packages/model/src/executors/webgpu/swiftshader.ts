import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const require = createRequire(import.meta.url);

/**
 * Gives this process a GPU that is computed on the CPU: SwiftShader, as the headless Chromium of npm's `@sparticuz/chromium` brings it.
 * Returns why it cannot be had, or nothing. For tests; call it before WebGPU is opened.
 */
export function useSwiftShader(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "SwiftShader is packed for Linux on x64 only";
  let archive: Buffer;
  try {
    archive = readFileSync(join(require.resolve("@sparticuz/chromium"), "../../bin/swiftshader.tar.br"));
  } catch {
    return "the npm package @sparticuz/chromium is not installed";
  }
  const folder = mkdtempSync(join(tmpdir(), "residual-swiftshader-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  unpack(brotliDecompressSync(archive), folder);
  process.env.VK_ICD_FILENAMES = join(folder, "vk_swiftshader_icd.json");
  try {
    // Dawn asks the system for libvulkan.so.1: one that the process has loaded already is taken.
    require("koffi").load(join(folder, "libvulkan.so.1"));
  } catch (error) {
    return `libvulkan.so.1 does not load: ${(error as Error).message}`;
  }
  return existsSync(join(folder, "libvk_swiftshader.so")) ? undefined : "the package has no SwiftShader";
}

/** Writes the files of a plain tar archive, which has blocks of 512 bytes: a header, then the content. */
function unpack(archive: Buffer, folder: string): void {
  for (let at = 0; archive[at]; ) {
    const text = (from: number, length: number) => archive.toString("latin1", at + from, at + from + length);
    const name = text(0, 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8) || 0;
    if (name && !name.endsWith("/"))
      writeFileSync(join(folder, name.split("/").at(-1)!), archive.subarray(at + 512, at + 512 + size));
    at += 512 + 512 * Math.ceil(size / 512);
  }
}
