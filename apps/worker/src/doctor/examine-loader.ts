import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeImage } from "@residual/model";
import { type DoctorCheck, sayDoctor } from "@residual/shared";

const SHIPPED = fileURLToPath(new URL("../../../../datasets/fashion-mnist", import.meta.url));
const IMAGES = 400;

/** Decodes images of the shipped dataset, as many at a time as there are processors. */
export async function examineLoader(folder = SHIPPED): Promise<DoctorCheck> {
  try {
    const paths = await imagesIn(folder);
    const begun = performance.now();
    let next = 0;
    const decodeOn = async () => {
      for (let path = paths[next++]; path !== undefined; path = paths[next++]) await decodeImage(readFileSync(path));
    };
    await Promise.all(Array.from({ length: availableParallelism() }, decodeOn));
    const speed = Math.round((1000 * paths.length) / (performance.now() - begun));
    return { subject: "LOADER", ok: true, finding: sayDoctor("doctor.loader.speed", { speed }) };
  } catch (error) {
    return {
      subject: "LOADER",
      ok: false,
      finding: sayDoctor("doctor.loader.broken", { reason: (error as Error).message }),
      advice: sayDoctor("doctor.loader.reinstall", {}),
    };
  }
}

async function imagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".png"))
    .map(({ parentPath, name }) => join(parentPath, name));
  if (paths.length === 0) throw new Error(`there are none in ${folder}`);
  return paths.slice(0, IMAGES);
}
