import { describe, expect, it } from "vitest";
import { placeOf } from "./database.mjs";

// An address is looked at before anything is spent on it, and its password is never said.
describe("placeOf", () => {
  it.each([
    ["postgres://residual:secret@db.example:6432/residual", { host: "db.example", port: 6432 }],
    ["postgresql://db.example/residual", { host: "db.example", port: 5432 }],
    ["postgres://[::1]:5433/residual", { host: "::1", port: 5433 }],
    ["postgres:///residual?host=/var/run/postgresql", undefined],
  ])("%s", (url, place) => expect(placeOf(url)).toEqual(place));

  it.each(["mysql://root:secret@localhost/x", "localhost:5432", "postgres://user:secret@host:none/x"])(
    "refuses %s without its password",
    (url) => {
      expect(() => placeOf(url)).toThrow(/DATABASE_URL is no address of a PostgreSQL database/);
      expect(() => placeOf(url)).not.toThrow(/secret/);
    },
  );
});
