import type { DataSource } from "typeorm";
import type { AttemptLimit } from "../../attempt-limit.js";
import { AppError, badInput } from "../../errors.js";
import { hashSecret, newSecret } from "../../secret.js";
import { hashPassword, isPassword } from "./hash-password.js";
import { type OpenedSession, openSession } from "./session.js";

/** From so many browsers a person may have signed in and still be known there. */
const mostDevices = 10;

type Account = { id: string; password_hash: string | null; device_hashes: Buffer[] };

/**
 * Signs in by e-mail and password: UNAUTHENTICATED for both a wrong password and an unknown address. Who guesses is held up by account; a browser
 * that has signed in there before (`device`: its cookie) has attempts of its own, so that nobody locks anybody out.
 */
export async function signInWithPassword(
  db: DataSource,
  limit: AttemptLimit,
  { email, password }: { email: string; password: string },
  browser: { device: string | null; userAgent: string },
): Promise<OpenedSession & { newDevice: string | null }> {
  const address = email.trim().toLowerCase().slice(0, 254);
  const [account]: Account[] = await db.query(
    "SELECT id, password_hash, device_hashes FROM app_user WHERE email = $1 AND password_hash IS NOT NULL",
    [address],
  );
  const device = browser.device === null ? null : hashSecret(browser.device);
  const isKnown = device !== null && (account?.device_hashes.some((known) => known.equals(device)) ?? false);
  await limit.guess(isKnown ? `${address} ${device.toString("hex")}` : address, async () => {
    if (!(await isPassword(account?.password_hash ?? null, password)))
      throw new AppError("UNAUTHENTICATED", "The e-mail address or the password is wrong.", { field: "password" });
  });
  const newDevice = isKnown ? null : newSecret();
  if (newDevice !== null)
    await db.query("UPDATE app_user SET device_hashes = (array_prepend($2, device_hashes))[:$3] WHERE id = $1", [
      account!.id,
      hashSecret(newDevice),
      mostDevices,
    ]);
  return { ...(await openSession(db, account!.id, browser.userAgent)), newDevice };
}

/**
 * Gives a user an address and a password, or others. BAD_INPUT for no address or a short password, UNAUTHENTICATED where the present password is
 * not `current`, CONFLICT for an address that somebody has.
 */
export async function setPassword(
  db: DataSource,
  limit: AttemptLimit,
  userId: string,
  input: { email: string; password: string; current?: string | null },
): Promise<void> {
  const [{ password_hash: stored }]: [{ password_hash: string | null }] = await db.query(
    "SELECT password_hash FROM app_user WHERE id = $1",
    [userId],
  );
  if (stored !== null)
    await limit.guess(userId, async () => {
      if (!(await isPassword(stored, input.current ?? "")))
        throw new AppError("UNAUTHENTICATED", "current is not your present password.", { field: "current" });
    });
  const email = cleanEmail(input.email);
  const passwordHash = await hashPassword(input.password);
  // Browsers that knew the old one are to show the new one.
  const [, changed]: [unknown, number] = await db.query(
    `UPDATE app_user SET email = $2, password_hash = $3, device_hashes = '{}'
     WHERE id = $1 AND NOT EXISTS (SELECT FROM app_user WHERE email = $2 AND id <> $1)`,
    [userId, email, passwordHash],
  );
  if (changed === 0) throw emailTaken();
}

export function cleanEmail(email: string): string {
  const address = email.trim().toLowerCase();
  if (/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(address)) return address;
  throw badInput("email", "email must read like name@example.org. It is what you sign in with; nothing is sent to it.");
}

export function emailTaken(): AppError {
  return new AppError("CONFLICT", "Somebody signs in with this e-mail address already. Use another one.", {
    field: "email",
  });
}
