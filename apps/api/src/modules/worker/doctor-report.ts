import { badInput } from "../../errors.js";
import type { Json } from "../../scalars/json.js";

const maxCharacters = 100_000;

/** A worker's examination of its machine as it is stored, or null. Throws BAD_INPUT where it is larger than a page can show. */
export function doctorReport(doctor: Json | undefined): string | null {
  if (doctor == null) return null;
  const text = JSON.stringify(doctor);
  if (text.length <= maxCharacters) return text;
  throw badInput("doctor", `doctor has ${text.length} characters as JSON; at most ${maxCharacters} are kept.`, [
    0,
    maxCharacters,
  ]);
}
