import { expect, it } from "vitest";
import { contentSecurityPolicy } from "./content-security-policy";

it("lets no script or style element in without the nonce, nothing in from elsewhere, and no page into a frame", () => {
  const directives = new Map(
    contentSecurityPolicy("n0nce")
      .split("; ")
      .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1).join(" ")]),
  );
  expect(directives.get("script-src")).toBe("'self' 'nonce-n0nce' 'strict-dynamic'");
  expect(directives.get("style-src")).toBe("'self' 'nonce-n0nce'");
  expect(directives.get("default-src")).toBe("'self'");
  expect(directives.get("frame-ancestors")).toBe("'none'");
  expect(contentSecurityPolicy("n0nce", ["https://a.example", "https://b.example"])).toMatch(
    /; frame-ancestors https:\/\/a\.example https:\/\/b\.example$/,
  );
  expect([...directives.values()].join(" ")).not.toMatch(/unsafe-eval|https?:|\*/);
});
