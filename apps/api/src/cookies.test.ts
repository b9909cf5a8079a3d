import { expect, test } from "vitest";
import { formatCookie } from "./cookies.js";

test("a cookie of a dashboard behind https is sent by nothing else; one on loopback stays without", () => {
  expect(formatCookie("residual_session", "x", undefined, true)).toBe(
    "residual_session=x; Path=/; HttpOnly; SameSite=Lax; Secure",
  );
  expect(formatCookie("residual_session", "x", undefined, false)).not.toContain("Secure");
});
