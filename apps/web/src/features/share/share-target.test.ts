import { expect, it } from "vitest";
import { linkState, shareLinkInput } from "./share-target";

const choice = {
  mode: "FROZEN",
  label: "  for the review ",
  days: null,
  password: "",
  isAnonymous: true,
  sites: " https://a.example,https://b.example\n",
} as const;

it("asks for a link to exactly what is on screen", () => {
  expect(shareLinkInput({ scope: "RUN", run: "run_1", name: "a" }, choice)).toEqual({
    scope: "RUN",
    run: "run_1",
    mode: "FROZEN",
    label: "for the review",
    expiresInDays: null,
    password: null,
    isAnonymous: true,
    embedOrigins: ["https://a.example", "https://b.example"],
  });
  const comparison = { scope: "COMPARISON", runs: ["run_1", "run_2"], baseline: "run_2", name: "" } as const;
  expect(shareLinkInput({ ...comparison, runs: [...comparison.runs] }, choice)).toMatchObject({
    runs: ["run_1", "run_2"],
    baseline: "run_2",
  });
});

it("says whether a link still opens something; revoked counts before expired", () => {
  const now = Date.parse("2026-01-10T00:00:00Z");
  const [past, future] = ["2026-01-09T00:00:00Z", "2026-01-11T00:00:00Z"];
  expect(linkState({ expiresAt: future, revokedAt: null }, now)).toBe("open");
  expect(linkState({ expiresAt: null, revokedAt: null }, now)).toBe("open");
  expect(linkState({ expiresAt: past, revokedAt: null }, now)).toBe("expired");
  expect(linkState({ expiresAt: past, revokedAt: past }, now)).toBe("revoked");
});
