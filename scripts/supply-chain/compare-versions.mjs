/** Negative where a is the older version, 0 where both are the same. A pre-release is older than its release. */
export function compareVersions(a, b) {
  const [x, y] = [parse(a), parse(b)];
  for (let i = 0; i < 3; i++) if (x.numbers[i] !== y.numbers[i]) return x.numbers[i] - y.numbers[i];
  return (y.isPreRelease ? 1 : 0) - (x.isPreRelease ? 1 : 0);
}

function parse(version) {
  const [release, preRelease] = version.split("-", 2);
  const numbers = release.split(".").map(Number);
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) throw new Error(`"${version}" is no version.`);
  return { numbers, isPreRelease: preRelease !== undefined };
}
