import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { visionTransformerSpec } from "../architectures/registry.js";
import { loadPretrained } from "../weights/pretrained/load-pretrained.js";
import { PretrainedError } from "../weights/pretrained/pretrained-error.js";
import type { DownloadProgress } from "./download-file.js";
import { parseHubName } from "./hub-name.js";
import { commit, HubServer } from "./hub-server.fixture.js";
import { hubSettings } from "./hub-settings.js";
import { type HubOptions, hubSnapshot } from "./hub-snapshot.js";

const weights = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) >>> 13));
const sha256 = createHash("sha256").update(weights).digest("hex");
const config = Buffer.from('{"architecture":"resnet18"}');

let home: string;
let server: HubServer;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "residual-hub-"));
  server = new HubServer(
    "timm/tiny",
    new Map([
      ["model.safetensors", weights],
      ["config.json", config],
    ]),
  );
  await server.listen();
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const settings = (more: Record<string, string> = {}) =>
  hubSettings({ HF_HOME: home, HF_ENDPOINT: `${server.endpoint}/`, ...more });
const fetchTiny = (name = "timm/tiny", options: Partial<HubOptions> = {}) =>
  hubSnapshot(parseHubName(name)!, { ...options, settings: options.settings ?? settings() });
const repository = () => join(home, "hub", "models--timm--tiny");
const blob = () => join(repository(), "blobs", sha256);

describe("a repository on the Hub", () => {
  it("is kept as Hugging Face's Python library keeps it: blobs, relative links, the commit of the branch", async () => {
    const progress: DownloadProgress[] = [];
    const snapshot = await fetchTiny("timm/tiny", { onProgress: (step) => progress.push(step) });
    expect(snapshot).toEqual({ folder: join(repository(), "snapshots", commit), commit, note: undefined });
    expect(await readFile(join(snapshot.folder, "model.safetensors"))).toEqual(weights);
    expect(await readFile(join(snapshot.folder, "config.json"))).toEqual(config);
    expect(await readlink(join(snapshot.folder, "model.safetensors"))).toBe(`../../blobs/${sha256}`);
    expect(await readFile(join(repository(), "refs", "main"), "utf8")).toBe(commit);
    expect(await readdir(join(repository(), ".no_exist", commit))).toEqual(["preprocessor_config.json"]);
    const sha1 = createHash("sha1").update(`blob ${config.length}\0`).update(config).digest("hex");
    expect(new Set(await readdir(join(repository(), "blobs")))).toEqual(new Set([sha256, sha1]));
    const ofWeights = progress.filter(({ file }) => file === "timm/tiny/model.safetensors");
    expect(ofWeights.at(-1)).toMatchObject({ doneBytes: weights.length, totalBytes: weights.length });
  });

  it("is not downloaded again; a commit that is here is not even asked for", async () => {
    await fetchTiny();
    server.requests.length = 0;
    await fetchTiny();
    expect(server.requests.filter((request) => request.startsWith("GET"))).toEqual([]);
    server.requests.length = 0;
    await fetchTiny(`hf:timm/tiny@${commit}`);
    expect(server.requests).toEqual([]);
  });

  it("is found under its former name, and at another revision", async () => {
    const snapshot = await fetchTiny("old/name");
    expect(await readFile(join(snapshot.folder, "model.safetensors"))).toEqual(weights);
    await fetchTiny("timm/tiny@refs/pr/2");
    expect(await readFile(join(repository(), "refs", "refs", "pr", "2"), "utf8")).toBe(commit);
  });

  it("may have its weights in shards", async () => {
    server.files.delete("model.safetensors");
    server.files.set("model-00001-of-00001.safetensors", weights);
    const index = { weight_map: { "conv1.weight": "model-00001-of-00001.safetensors" } };
    server.files.set("model.safetensors.index.json", Buffer.from(JSON.stringify(index)));
    const { folder } = await fetchTiny();
    expect(await readFile(join(folder, "model-00001-of-00001.safetensors"))).toEqual(weights);
  });

  it("is copied into the snapshot where links are not wanted", async () => {
    const { folder } = await fetchTiny("timm/tiny", { settings: settings({ HF_HUB_DISABLE_SYMLINKS: "1" }) });
    await expect(readlink(join(folder, "model.safetensors"))).rejects.toThrow("EINVAL");
    expect(await readFile(join(folder, "model.safetensors"))).toEqual(weights);
  });

  it("is fetched once by two at a time", async () => {
    await Promise.all([fetchTiny(), fetchTiny()]);
    expect(server.requests.filter((request) => request === "GET /model.safetensors")).toHaveLength(1);
  });
});

describe("loadPretrained", () => {
  it("takes a name on the Hub and says which commit it got", async () => {
    const fixture = new URL("../weights/fixtures/vit-timm.safetensors", import.meta.url);
    server.files.set("model.safetensors", await readFile(fixture));
    const { report, values } = await loadPretrained({
      source: "timm/tiny@v1",
      architecture: visionTransformerSpec("reduced", "reduced ViT", {
        patchSize: 16,
        width: 48,
        depth: 2,
        heads: 3,
        mlpRatio: 4,
      }),
      imageSize: 32,
      classes: 5,
      seed: 1,
      hub: settings(),
    });
    expect(report.commit).toBe(commit);
    expect(values.get("head.bias")).toHaveLength(5);
  });
});

describe("the token", () => {
  it("goes to the Hub and never to the store", async () => {
    server.token = "secret";
    await fetchTiny("timm/tiny", { settings: settings({ HF_TOKEN: "secret" }) });
    expect(server.requests).toContain("HEAD /timm/tiny/resolve/main/model.safetensors with token");
    expect(server.requests).toContain("GET /model.safetensors");
  });

  it("is read from where hf auth login left it; without it the message says what is missing", async () => {
    server.token = "secret";
    const refused = fetchTiny();
    await expect(refused).rejects.toBeInstanceOf(PretrainedError);
    await expect(refused).rejects.toThrow(/gated, and no token was given.*HF_TOKEN/);
    await writeFile(join(home, "token"), "secret\n");
    await fetchTiny();
  });
});

describe("a download", () => {
  it("goes on where the connection was cut", async () => {
    server.trouble.cutAfter = 70_000;
    const { folder } = await fetchTiny();
    expect(await readFile(join(folder, "model.safetensors"))).toEqual(weights);
    expect(server.requests.some((request) => /^GET \/model\.safetensors bytes=\d+-$/.test(request))).toBe(true);
  });

  it("goes on from what an earlier process left", async () => {
    await mkdir(join(repository(), "blobs"), { recursive: true });
    await writeFile(`${blob()}.incomplete`, weights.subarray(0, 150_000));
    await fetchTiny();
    expect(server.requests).toContain("GET /model.safetensors bytes=150000-");
    expect(await readFile(blob())).toEqual(weights);
  });

  it("starts anew where the server knows no ranges or the rest was of another file", async () => {
    await mkdir(join(repository(), "blobs"), { recursive: true });
    server.trouble.noRanges = true;
    await writeFile(`${blob()}.incomplete`, weights.subarray(0, 150_000));
    await fetchTiny();
    expect(await readFile(blob())).toEqual(weights);

    await rm(repository(), { recursive: true });
    await mkdir(join(repository(), "blobs"), { recursive: true });
    server.trouble.noRanges = false;
    await writeFile(`${blob()}.incomplete`, Buffer.alloc(150_000));
    await fetchTiny();
    expect(await readFile(blob())).toEqual(weights);
  });

  it("with a wrong checksum is refused and not kept", async () => {
    server.trouble.corrupt = true;
    await expect(fetchTiny()).rejects.toThrow(/timm\/tiny\/model\.safetensors came with another checksum/);
    expect(await readdir(join(repository(), "blobs"))).toEqual([]);
  });

  it.skipIf(spawnSync("prlimit", ["--version"]).error)(
    "for which there is no space says how much it needs and where, and goes on once there is",
    async () => {
      // The kernel refuses what would make a file larger, as on a full disk.
      const limitFiles = (bytes: string) => spawnSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);
      limitFiles("100000");
      const refused = await fetchTiny().catch((error: unknown) => error);
      limitFiles("unlimited");
      expect(refused).toBeInstanceOf(PretrainedError);
      expect((refused as Error).message).toMatch(
        /No space for timm\/tiny\/model\.safetensors \(1 MB\) in .*HF_HUB_CACHE/,
      );
      await fetchTiny();
      expect(await readFile(blob())).toEqual(weights);
    },
  );

  it("ends when it is told to, and keeps what came", async () => {
    const stop = new AbortController();
    server.trouble.cutAfter = 70_000;
    const stopped = fetchTiny("timm/tiny", { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(await readdir(join(repository(), "blobs"))).toEqual([`${sha256}.incomplete`]);
  });
});

describe("what cannot be had is said with what to do", () => {
  it.each([
    ["timm/other", /timm\/other is not on the Hub, or it is private/],
    ["timm/tiny@absent", /has no revision absent/],
  ])("%s", async (name, message) => {
    const refused = fetchTiny(name);
    await expect(refused).rejects.toBeInstanceOf(PretrainedError);
    await expect(refused).rejects.toThrow(message);
  });

  it("a repository without safetensors", async () => {
    server.files.delete("model.safetensors");
    await expect(fetchTiny()).rejects.toThrow(/timm\/tiny@main has no model\.safetensors.*refs\/pr\/2/);
  });

  it("offline: the cache where it has the weights, else the recipe; the network is not touched", async () => {
    const offline = { settings: settings({ HF_HUB_OFFLINE: "1" }) };
    await expect(fetchTiny("timm/tiny", offline)).rejects.toThrow(
      /HF_HUB_OFFLINE is set.*hf download timm\/tiny model\.safetensors/,
    );
    expect(server.requests).toEqual([]);
    await fetchTiny();
    server.requests.length = 0;
    const { folder, note } = await fetchTiny("timm/tiny", offline);
    expect(await readFile(join(folder, "model.safetensors"))).toEqual(weights);
    expect(note).toContain("the cached state was taken");
    expect(server.requests).toEqual([]);
  });

  it("no connection: the cached state with a note, else the recipe", async () => {
    await fetchTiny();
    const gone = { settings: settings() };
    await server.close();
    expect((await fetchTiny("timm/tiny", gone)).note).toMatch(/could not be asked.*ECONNREFUSED/);
    await expect(fetchTiny("timm/else", gone)).rejects.toThrow(/ECONNREFUSED.*hf download timm\/else/);
  });
});

describe("parseHubName", () => {
  it.each([
    ["timm/resnet18.a1_in1k", { repository: "timm/resnet18.a1_in1k", revision: "main" }],
    ["hf:gpt2", { repository: "gpt2", revision: "main" }],
    ["microsoft/resnet-101@refs/pr/2", { repository: "microsoft/resnet-101", revision: "refs/pr/2" }],
    ["resnet18.safetensors", undefined],
    ["../secrets/x", undefined],
    ["a/b/c", undefined],
    ["a/b@../../x", undefined],
    ["/absolute/path", undefined],
  ])("%s", (text, expected) => {
    expect(parseHubName(text)).toEqual(expected);
  });
});

describe("hubSettings", () => {
  it("finds cache and Hub where Python finds them", () => {
    expect(hubSettings({ XDG_CACHE_HOME: "/x" }).cache).toBe("/x/huggingface/hub");
    expect(hubSettings({ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }).cache).toBe("/old");
    expect(hubSettings({ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/new" }).cache).toBe("/new");
    expect(hubSettings({ TRANSFORMERS_OFFLINE: "yes" }).offline).toBe(true);
    expect(hubSettings({ HF_HUB_DOWNLOAD_TIMEOUT: "3" }).stallTimeout).toBe(3000);
  });
});
