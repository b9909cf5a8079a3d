import path from "node:path";

/**
 * Everything that `npm test` runs, in the order in which mistakes are cheapest to find. A `suite` is a workspace whose
 * vitest counts its own tests; a `check` is one command that passes or fails as a whole.
 */
export function checks(root) {
  const bin = (name) => path.join(root, "node_modules", ".bin", name);
  const generated = [
    "packages/shared/schema.graphql",
    "packages/shared/dashboard.graphql",
    "apps/web/src/gql",
    "notebooks",
  ];
  return [
    { check: "format and lint (Biome)", command: bin("biome"), args: ["check", "--error-on-warnings", "."] },
    { check: "build", command: bin("turbo"), args: ["run", "build", "--output-logs=errors-only"] },
    { check: "types", command: bin("turbo"), args: ["run", "types", "--output-logs=errors-only"] },
    { check: "type-aware lint (oxlint)", command: bin("oxlint"), args: ["--type-aware", "--quiet"] },
    { check: "boundaries between rooms", command: bin("turbo"), args: ["boundaries"] },
    { check: "nothing unused (knip)", command: bin("knip"), args: [] },
    { check: "generated files are current", command: process.execPath, args: ["scripts/test/drift.mjs", ...generated] },
    { suite: "packages/shared" },
    { suite: "packages/client" },
    { suite: "packages/model" },
    { suite: "apps/api" },
    { suite: "apps/worker" },
    { suite: "apps/web" },
    { suite: "scripts" },
    { suite: "e2e" },
  ];
}
