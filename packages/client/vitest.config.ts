import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["residual-src", ...defaultServerConditions] } },
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: "src/build-client.fixture.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
