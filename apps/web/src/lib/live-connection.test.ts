import { expect, it } from "vitest";
import { noteCaughtUp, noteConnection, readConnection } from "@/lib/live-connection";

it("knows since when the connection is broken, through all attempts to bring it back", () => {
  noteConnection("connecting", 1000);
  expect(readConnection().brokenSince).toBeNull();
  noteConnection("connected", 2000);
  noteConnection("reconnecting", 3000);
  noteConnection("reconnecting", 9000);
  expect(readConnection()).toMatchObject({ state: "reconnecting", brokenSince: 3000 });
  noteConnection("connected", 10_000);
  expect(readConnection()).toMatchObject({ state: "connected", brokenSince: null });
});

it("knows after how long this page caught up with what it had not read", () => {
  noteCaughtUp(20_000, 32_000);
  expect(readConnection().caughtUp).toEqual({ at: 32_000, afterMs: 12_000 });
});
