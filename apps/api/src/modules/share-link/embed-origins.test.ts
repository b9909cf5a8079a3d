import { expect, it } from "vitest";
import { cleanEmbedOrigins } from "./embed-origins.js";

it("sites are kept as browsers write them", () => {
  expect(
    cleanEmbedOrigins([
      " https://Wiki.Example.org/ ",
      "https://wiki.example.org:443",
      "http://127.0.0.1:8888",
      "https://bücher.example",
    ]),
  ).toEqual(["https://wiki.example.org", "http://127.0.0.1:8888", "https://xn--bcher-kva.example"]);
});

it.each([
  "*",
  "https://*.example.org",
  "https://example.org/page",
  "https://user@example.org",
  "https://example.org; script-src *",
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc",
  "'self'",
  "example.org",
  "",
])("%s is no site, and never comes into the policy of a page", (text) => {
  expect(() => cleanEmbedOrigins([text])).toThrow(/embedOrigins|is no site/);
});

it("more than twenty are refused", () => {
  const many = Array.from({ length: 21 }, (_, i) => `https://site${i}.example.org`);
  expect(() => cleanEmbedOrigins(many)).toThrow(/at most 20/);
});
