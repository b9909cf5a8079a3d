#!/usr/bin/env node
// What `npm run doctor` runs: the worker examines this machine.
import { runBuilt } from "./start/run-built.mjs";

await runBuilt("@residual/worker", "apps/worker/dist/main.js", ["doctor", ...process.argv.slice(2)]);
