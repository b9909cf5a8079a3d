#!/usr/bin/env node
// What `npm run db` runs: verifies, checks or distributes the database.
import { runBuilt } from "./start/run-built.mjs";

await runBuilt("@residual/api", "apps/api/dist/db-command/main.js", process.argv.slice(2));
