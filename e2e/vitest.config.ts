import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["residual-src", ...defaultServerConditions] } },
  test: {
    include: ["src/**/*.spec.ts"],
    // Whole systems train real networks on two cores: one at a time, and with patience.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    globalSetup: ["src/browser-setup.ts"],
  },
});
