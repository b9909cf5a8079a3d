import type { ByteRange } from "../../blob/blob-store.js";

/**
 * The part of `length` bytes that a Range header asks for (RFC 9110 §14.2): null for all of it, also where the header is none that is served (several
 * ranges, other units); "unsatisfiable" where there is no such part.
 */
export function byteRange(header: string | undefined, length: number): ByteRange | null | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === "") {
    const wanted = Math.min(Number(last), length);
    return wanted === 0 ? "unsatisfiable" : { start: length - wanted, end: length - 1 };
  }
  const start = Number(first);
  const end = last === "" ? length - 1 : Math.min(Number(last), length - 1);
  if (last !== "" && Number(last) < start) return null;
  return start >= length ? "unsatisfiable" : { start, end };
}
