import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  ssr: { resolve: { conditions: ["residual-src", ...defaultServerConditions] } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
