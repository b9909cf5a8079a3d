import path from "node:path";

const preload = (name) => path.join(import.meta.dirname, "controls", `${name}.mjs`);

/** What breaks one safety each. A checker that does not see it proves nothing: every one of them must fail. */
export const controls = [
  {
    name: "acknowledges before the commit",
    preload: preload("ack-before-commit"),
    kinds: ["api"],
    sees: /points lost/,
  },
  {
    name: "commits asynchronously",
    preload: preload("asynchronous-commit"),
    kinds: ["postmaster"],
    sees: /points lost/,
  },
  {
    name: "does not check the seq of what is sent again",
    preload: preload("no-seq-check"),
    kinds: ["api", "backend"],
    sees: /points doubled/,
  },
  {
    name: "forgets what was sent and not acknowledged",
    forgets: true,
    kinds: ["client"],
    sees: /points (lost|missing)/,
  },
  { name: "follows again without a cursor", resumes: false, kinds: ["api"], sees: /an update went from/ },
];
