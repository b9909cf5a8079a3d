/** Negative, zero or positive, as `a` is older than, the same as, or newer than `b`. Pre-releases come before their release. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map(numbersOf);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(isPreRelease(b)) - Number(isPreRelease(a));
}

/** Whether a released version meets all of pip's specifiers, "<13.0,>=12.5.3"; none asks for nothing. */
export function satisfies(version, specifiers) {
  if (isPreRelease(version)) return false;
  return specifiers
    .split(",")
    .map((specifier) => specifier.trim())
    .filter(Boolean)
    .every((specifier) => meets(version, specifier));
}

function meets(version, specifier) {
  const [, operator, wanted] = /^(==|!=|<=|>=|<|>|~=)\s*(\S+)$/.exec(specifier) ?? [];
  if (operator === undefined) return false;
  if (operator === "~=")
    return startsWith(version, wanted.split(".").slice(0, -1)) && compareVersions(version, wanted) >= 0;
  if (wanted.endsWith(".*")) return startsWith(version, wanted.split(".").slice(0, -1)) === (operator === "==");
  const order = compareVersions(version, wanted);
  return {
    "==": order === 0,
    "!=": order !== 0,
    "<=": order <= 0,
    ">=": order >= 0,
    "<": order < 0,
    ">": order > 0,
  }[operator];
}

function startsWith(version, parts) {
  const numbers = numbersOf(version);
  return parts.every((part, index) => Number(part) === (numbers[index] ?? 0));
}

const numbersOf = (version) =>
  version
    .split(/[^0-9]+/, 8)
    .filter(Boolean)
    .map(Number);

const isPreRelease = (version) => /[a-z]/i.test(version.replace(/\.?post\d*/, ""));
