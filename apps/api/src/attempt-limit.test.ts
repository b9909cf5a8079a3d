import { expect, test } from "vitest";
import { AttemptLimit } from "./attempt-limit.js";
import { AppError } from "./errors.js";

const wrong = () => Promise.reject(new AppError("UNAUTHENTICATED", "Wrong."));
const right = () => Promise.resolve("in");
const away = () => Promise.reject(new Error("The database is away."));

/** The extensions of what a guess was refused with. */
const refusal = async (guess: Promise<unknown>) => {
  const error = await guess.then(() => null).catch((reason: unknown) => reason);
  return error instanceof AppError ? error.extensions : null;
};

test("after ten wrong passwords the time to wait is said, to the right one too; other accounts go on", async () => {
  let now = 1_000_000;
  const limit = new AttemptLimit(() => now);
  const guesses = await Promise.all(Array.from({ length: 11 }, () => refusal(limit.guess("a", wrong))));
  expect(guesses.filter((extensions) => extensions?.code === "UNAUTHENTICATED")).toHaveLength(10);
  expect(await refusal(limit.guess("a", right))).toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 6 });
  expect(await limit.guess("b", right)).toBe("in");
  now += 6_000;
  expect(await limit.guess("a", right)).toBe("in");
});

test("the right one of 256 random bits gets in, however many wrong ones came from its address; those are told to wait", async () => {
  const limit = new AttemptLimit(() => 0);
  for (let i = 0; i < 10; i++)
    expect(await refusal(limit.present("a", wrong))).toMatchObject({ code: "UNAUTHENTICATED" });
  expect(await refusal(limit.present("a", wrong))).toMatchObject({ code: "RATE_LIMITED" });
  expect(await limit.present("a", right)).toBe("in");
});

test("who knows the secret never waits, nor who tries it while the database is away", async () => {
  const limit = new AttemptLimit(() => 0);
  for (let i = 0; i < 100; i++) {
    await limit.guess("a", right);
    await expect(limit.guess("a", away)).rejects.toThrow("away");
  }
  expect(await limit.guess("a", right)).toBe("in");
});
