// In tests nothing is built: the thread's code is TypeScript, which Vite knows how to run.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

await runnerImport(fileURLToPath(new URL("image-worker.ts", import.meta.url)), {
  configFile: false,
  logLevel: "error",
});
