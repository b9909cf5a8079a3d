import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "@graphql-codegen/cli";
import { expect, it } from "vitest";
import config from "../codegen";

it("src/gql is what the schema and the operations of today generate (else: npm run generate)", {
  timeout: 60_000,
}, async () => {
  const folder = join(import.meta.dirname, "..");
  const files: { filename: string; content: string }[] = await generate(
    { ...config, cwd: folder, silent: true },
    false,
  );
  expect(files.length).toBeGreaterThan(0);
  for (const { filename, content } of files) {
    expect(readFileSync(join(folder, filename), "utf8").trim() === content.trim(), `${filename} is out of date`).toBe(
      true,
    );
  }
});
