import { NativeError } from "./native-error.mjs";
import { compareVersions, satisfies } from "./version.mjs";

/** Both forms of the index: JSON where it is offered, the page of links that every mirror has else. */
const accepted = "application/vnd.pypi.simple.v1+json, text/html;q=0.5";

/**
 * The wheels of a project that run here: `{ filename, version, url, sha256, headers }`.
 * Throws a NativeError where the index cannot be reached or does not know the project.
 */
async function wheelsOf(project, { index, machine }) {
  const address = new URL(`${project}/`, index.url);
  const response = await fetch(address, { headers: { ...index.headers, accept: accepted } }).catch((error) => {
    throw new NativeError(
      `The package index ${index.url.host} cannot be reached (${error.cause?.message ?? error.message}). ` +
        "Check the network, or name a mirror in PIP_INDEX_URL.",
    );
  });
  if (!response.ok) {
    throw new NativeError(
      `The package index ${index.url.host} answers ${response.status} for ${project}. Try again, or name a mirror in PIP_INDEX_URL.`,
    );
  }
  const isJson = response.headers.get("content-type")?.includes("json");
  const files = isJson ? filesInJson(await response.json()) : filesInHtml(await response.text());
  return files.flatMap(({ filename, href, sha256 }) => {
    const parsed = parseWheelName(filename);
    if (parsed === undefined || !runsHere(parsed.platform, machine)) return [];
    const url = new URL(href, response.url);
    return [
      { filename, version: parsed.version, url, sha256, headers: url.host === index.url.host ? index.headers : {} },
    ];
  });
}

/** The newest wheel of a project that satisfies pip's version specifiers ("<13.0,>=12.5"). */
export async function newestWheel(project, specifiers, place) {
  const wheels = (await wheelsOf(project, place)).filter(({ version }) => satisfies(version, specifiers));
  const newest = wheels
    .toSorted((a, b) => compareVersions(a.version, b.version) || (a.filename < b.filename ? -1 : 1))
    .at(-1);
  if (newest === undefined) {
    throw new NativeError(
      `The package index ${place.index.url.host} has no ${project}${specifiers} for Linux on ${place.machine}. ` +
        "Another index can be named in PIP_INDEX_URL; without the library training runs on WebAssembly.",
    );
  }
  if (newest.sha256 === undefined) {
    throw new NativeError(
      `The package index ${place.index.url.host} gives no SHA-256 for ${newest.filename}, so it cannot be checked. Name another index in PIP_INDEX_URL.`,
    );
  }
  return newest;
}

function filesInJson({ files }) {
  return files
    .filter(({ yanked }) => !yanked)
    .map(({ filename, url, hashes }) => ({ filename, href: url, sha256: hashes.sha256 }));
}

function filesInHtml(page) {
  return [...page.matchAll(/<a\s([^>]*)>([^<]*)<\/a>/gi)].flatMap(([, attributes, text]) => {
    const href = /href\s*=\s*"([^"]*)"/i.exec(attributes)?.[1]?.replaceAll("&amp;", "&");
    if (href === undefined || /data-yanked/i.test(attributes)) return [];
    return [{ filename: text.trim(), href, sha256: /#sha256=([0-9a-f]{64})/.exec(href)?.[1] }];
  });
}

/** name-version(-build)?-python-abi-platform.whl */
function parseWheelName(filename) {
  const [, version, platform] = /^[^-]+-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-([^-]+)\.whl$/.exec(filename) ?? [];
  return version === undefined ? undefined : { version, platform };
}

/** A platform tag may be several, joined by dots. */
function runsHere(platform, machine) {
  return platform.split(".").some((tag) => tag.startsWith("manylinux") && tag.endsWith(`_${machine}`));
}
