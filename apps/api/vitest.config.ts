import { createRequire } from "node:module";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const require = createRequire(import.meta.url);

export default defineConfig({
  // graphql 16 has no exports map: vite would load its ESM twin beside the CommonJS copy that type-graphql loads ("another realm").
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve("graphql") }] },
  // Node knows no condition "module"; what packages say under it may be for bundlers alone (@opentelemetry/api).
  ssr: { resolve: { conditions: ["residual-src", ...defaultServerConditions.filter((name) => name !== "module")] } },
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: "src/test-database.setup.ts",
    setupFiles: "src/distribution/record-statements.setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
