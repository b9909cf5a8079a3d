import { createRequire } from "node:module";
import path from "node:path";
import chromium, { inflate } from "@sparticuz/chromium";

/** Unpacks the browser once, before any spec: two specs that unpack it at the same time would run a half-written file. */
export default async function setup(): Promise<void> {
  const bin = path.join(path.dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..", "bin");
  await chromium.executablePath();
  // For machines that lack NSS or fonts; harmless where they are installed.
  await inflate(path.join(bin, "al2023.tar.br"));
  await inflate(path.join(bin, "fonts.tar.br"));
}
