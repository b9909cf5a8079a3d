import { badInput } from "./errors.js";

// Controls but tab and newline, halves of surrogate pairs, and marks that reverse the reading direction of what follows.
const forbidden = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/**
 * A text a person wrote, normalised (NFC) and trimmed. Throws BAD_INPUT when it is shorter than `min` or longer than
 * `max` code points, or holds characters that a database or a reader would trip over.
 */
export function cleanText(
  field: string,
  value: string,
  { min = 0, max = 256 }: { min?: number; max?: number } = {},
): string {
  const text = value.normalize("NFC").trim();
  const length = [...text].length;
  if (forbidden.test(text)) {
    throw badInput(field, `${field} holds control or direction characters, or half a surrogate pair. Remove them.`);
  }
  if (length < min)
    throw badInput(field, `${field} is empty. Give it at least ${min} character${min === 1 ? "" : "s"}.`, [min, max]);
  if (length > max) throw badInput(field, `${field} has ${length} characters; at most ${max} are kept.`, [min, max]);
  return text;
}

const maxTags = 32;
/** A tag becomes a key in many a reader's dictionary; these would name the prototype there. */
const prototypeNames = new Set(["__proto__", "constructor", "prototype"]);

/** Tags: at most 32 of 1 to 64 characters each, without repeats, in the order given. */
export function cleanTags(field: string, tags: string[]): string[] {
  if (tags.length > maxTags)
    throw badInput(field, `${field} has ${tags.length} entries; at most ${maxTags} are kept.`, [0, maxTags]);
  const reserved = tags.find((tag) => prototypeNames.has(tag.trim()));
  if (reserved)
    throw badInput(
      field,
      `${field} holds ${reserved.trim()}, which scripts read as something else. Choose another word.`,
    );
  return [...new Set(tags.map((tag) => cleanText(field, tag, { min: 1, max: 64 })))];
}
