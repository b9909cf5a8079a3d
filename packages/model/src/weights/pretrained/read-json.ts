import { open } from "node:fs/promises";
import { PretrainedError } from "./pretrained-error.js";

/** A label map of 21,843 classes takes 2 MB; an index of a thousand shards less. */
const maxBytes = 25_000_000;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a JSON file; undefined where there is no such file. Throws a PretrainedError for anything else. */
export async function readJsonObject(path: string): Promise<JsonObject | undefined> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new PretrainedError(`${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new PretrainedError(`${path} has ${size} bytes; more than ${maxBytes} are not read.`);
    const parsed: unknown = JSON.parse(await file.readFile("utf8"));
    if (isJsonObject(parsed)) return parsed;
    throw new PretrainedError(`${path} holds no JSON object. Download it again.`);
  } catch (error) {
    if (error instanceof PretrainedError) throw error;
    throw new PretrainedError(`${path} is no JSON: ${(error as Error).message}. Download it again.`, { cause: error });
  } finally {
    await file.close();
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
