const kinds = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g],
  ["a key of this product", /\bres_[A-Za-z0-9_-]{32,}/g],
  ["a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36}/g],
  ["a key of AWS", /\bAKIA[0-9A-Z]{16}\b/g],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}/g],
  // Words that stand for a password in examples are none.
  ["a password in an address", /\b[a-z]+:\/\/[^\s:@/"']+:(?!password@|secret@|hunter2@|\*+@|\$|<)[^\s:@/"'$<{]{6,}@/g],
];

/** What looks like a secret in a text, one entry a find. Never the secret itself: the report would be the next leak. */
export function findSecrets(text) {
  return kinds.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(({ index }) => `${kind} in line ${text.slice(0, index).split("\n").length}`),
  );
}
