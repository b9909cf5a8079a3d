/**
 * What is wrong with a TensorFlow of this version ("2.21.0"), or undefined. The operations and the C API that are used exist since
 * release 2.9; release 1 has other variables.
 */
export function versionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 2 && minor >= 9) return undefined;
  return `it is TensorFlow ${version}, but 2.9 or a newer release of 2 is needed. ${remedy}`;
}

/** What to do where no library can be used. */
export const remedy = "Fetch one with: npm run native";
