import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findSecrets } from "./find-secrets.mjs";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

it("no file of the repository holds a key, a token or a private key", () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  const texts = files.filter((file) => !/\.(png|jpe?g|webp|gif|bmp|ico|woff2?|bin|safetensors|tiff?)$/.test(file));
  const found = texts.flatMap((file) => {
    try {
      return findSecrets(readFileSync(path.join(root, file), "utf8")).map((what) => `${file}: ${what}`);
    } catch {
      // Listed, but not in the working tree.
      return [];
    }
  });
  expect(found).toEqual([]);
});

it.each([
  ["a private key", `-----BEGIN ${"RSA "}PRIVATE KEY-----`],
  ["a key of this product", `res_${"A1b2C3d4".repeat(5)}`],
  ["a token of GitHub", `ghp_${"a1B2".repeat(9)}`],
  ["a key of AWS", `AKIA${"A1B2C3D4E5F6G7H8"}`],
  ["a password in an address", `postgres://someone:${"s3cretpw"}@db.example.org/residual`],
])("finds %s", (_, text) => {
  expect(findSecrets(`const x = "${text}";`)).toHaveLength(1);
});

it.each([
  "postgres://postgres@127.0.0.1:5432/residual",
  "postgres://user:password@host/database",
  "Authorization: Bearer res_…",
])("does not take %s for one", (text) => {
  expect(findSecrets(text)).toEqual([]);
});
