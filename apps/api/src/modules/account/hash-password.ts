import { setTimeout as delay } from "node:timers/promises";
import { hash, verify } from "@node-rs/argon2";
import { AppError, badInput } from "../../errors.js";

/** argon2id (the library's default) with 64 MiB and three passes, above the least that OWASP names (19 MiB, two). */
const options = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const length = { min: 12, max: 256 } as const;

/** Each takes a core for a quarter of a second, and 64 MiB. */
const atOnce = 2;
const mostWaiting = 32;
let running = 0;
const waiting: (() => void)[] = [];
/** How long the last one took, in milliseconds. */
let lastMs = 250;

/** What is stored of a password. BAD_INPUT for one that is too short or too long; nothing else is asked of it. */
export async function hashPassword(password: string): Promise<string> {
  const { min, max } = length;
  if (password.length < min || password.length > max)
    throw badInput("password", `password has ${password.length} characters; it must have ${min} to ${max}.`, [
      min,
      max,
    ]);
  return inTurn(() => hash(password.normalize("NFC"), options));
}

/** Whether this is the password. Without a stored one the answer is no, and takes as long: nobody learns who has an account. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > length.max) return false;
  if (stored !== null) return inTurn(() => verify(stored, password.normalize("NFC")));
  // Only waits: names that nobody has must not cost others their turn.
  await delay(lastMs);
  return false;
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting)
      throw new AppError("RATE_LIMITED", "Many people sign in at the moment. Try again in a few seconds.", {
        retryAfterSeconds: 5,
        http: { status: 429 },
      });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  const from = performance.now();
  try {
    return await work();
  } finally {
    lastMs = performance.now() - from;
    // The turn passes on, or ends.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
