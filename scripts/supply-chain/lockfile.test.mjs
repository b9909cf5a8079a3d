import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compareVersions } from "./compare-versions.mjs";
import { banned, versionFloors } from "./version-floors.mjs";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
const packages = Object.entries(lock.packages)
  .filter(([place]) => place.includes("node_modules/"))
  .map(([place, entry]) => ({ ...entry, place, name: place.slice(place.lastIndexOf("node_modules/") + 13) }));
const ours = packages.filter(({ link }) => link);
const foreign = packages.filter(({ link }) => !link);

describe("what the lock file brings in", () => {
  it("comes from a registry with a checksum of SHA-512, and says of no server where from", () => {
    expect(foreign.filter(({ integrity }) => !integrity?.startsWith("sha512-")).map(({ place }) => place)).toEqual([]);
    expect(foreign.filter(({ resolved }) => resolved !== undefined).map(({ place }) => place)).toEqual([]);
    expect(ours.every(({ resolved }) => /^(apps|packages)\/[a-z]+$|^(e2e|bench)$/.test(resolved))).toBe(true);
  });

  it("runs no script of its own when it is installed", () => {
    expect(readFileSync(path.join(root, ".npmrc"), "utf8")).toMatch(/^ignore-scripts=true$/m);
  });

  it.each(Object.entries(versionFloors))("has no %s with a known weakness", (name, [floor, why]) => {
    const old = foreign.filter((entry) => entry.name === name && compareVersions(entry.version, floor) < 0);
    expect(old.map(({ place, version }) => `${place} ${version}: ${why}`)).toEqual([]);
    expect(foreign.some((entry) => entry.name === name)).toBe(true);
  });

  it("has nothing that was ruled out", () => {
    expect(foreign.filter(({ name }) => Object.hasOwn(banned, name)).map(({ place }) => place)).toEqual([]);
  });

  it("is named exactly in our own packages, but for types", () => {
    const loose = ours.flatMap(({ resolved }) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(path.join(root, resolved, "package.json"), "utf8"),
      );
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([name, range]) => !/^\d/.test(range) && !name.startsWith("@types/"))
        .map(([name, range]) => `${resolved}: ${name} ${range}`);
    });
    expect(loose).toEqual([]);
  });
});

describe("a bill of materials", () => {
  it("can be written without a network, and lists every package of the lock", () => {
    const text = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const listed = new Set(JSON.parse(text).components.map(({ name }) => name));
    expect(foreign.filter(({ name, optional }) => !optional && !listed.has(name)).map(({ place }) => place)).toEqual(
      [],
    );
  });
});
