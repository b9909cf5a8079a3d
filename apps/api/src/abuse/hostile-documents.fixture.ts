const aliases = (count: number, field: string) => Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(" ");
const nested = (depth: number, inner: string): string =>
  depth === 0 ? inner : `experiment { runs { nodes { ${nested(depth - 1, inner)} } } }`;
const fanOut = Array.from({ length: 25 }, (_, i) => `fragment f${i} on Run { ...f${i + 1} ...f${i + 1} }`).join(" ");
const run = `run(id: "run_${"0".repeat(32)}")`;

/** Selections on a run that no server should work for, with the fragments that they need. Each is refused before anything of it runs. */
export const hostileSelections: readonly { name: string; selection: string; fragments?: string }[] = [
  { name: "10,000 aliases", selection: aliases(10_000, "name") },
  { name: "150 aliases", selection: aliases(150, "name") },
  {
    name: "60 lists of 1,000 runs",
    selection: `experiment { ${aliases(60, "runs(first: 1000) { nodes { experiment { name question } tags } }")} }`,
  },
  { name: "50 levels", selection: nested(16, "name") },
  { name: "fragments that double 25 times", selection: "...f0", fragments: `${fanOut} fragment f25 on Run { name }` },
  {
    name: "fragments in a circle",
    selection: "...a",
    fragments: "fragment a on Run { ...b } fragment b on Run { ...a }",
  },
  { name: "1,500 times the same field", selection: "name ".repeat(1_500) },
  { name: "2,100 times the same field", selection: "name ".repeat(2_100) },
  { name: "200 inline fragments of 100 fields", selection: `... on Run { ${"name ".repeat(100)} } `.repeat(200) },
  { name: "500 directives on a field", selection: `name ${"@include(if: true) ".repeat(500)}` },
  { name: "a field that is not there, to be told what is", selection: "nmae" },
];

export const asQuery = ({ selection, fragments = "" }: { selection: string; fragments?: string }) =>
  `{ ${run} { ${selection} } } ${fragments}`;

/** The same below a subscription, which is all that runs over a socket. */
export const asSubscription = ({ selection, fragments = "" }: { selection: string; fragments?: string }) =>
  `subscription { runUpdates(project: "none") { run { ${selection} } } } ${fragments}`;
