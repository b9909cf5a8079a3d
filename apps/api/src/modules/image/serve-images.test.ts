import "reflect-metadata";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";
import { transaction } from "../../transaction.js";
import { storeImageLists } from "../dataset/store-image-lists.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";
import { insertScannedDataset, sha256, shippedDataset, shippedFiles, valList } from "./images.fixture.js";
import { pictureAddress } from "./picture-address.js";

let api: TestServer;
let origin: string;
let owner: Record<string, string>;
let folder: string;
beforeAll(async () => {
  api = await startTestServer();
  origin = new URL(api.url).origin;
  owner = await api.signIn();
  folder = await mkdtemp(join(tmpdir(), "residual-images-"));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = owner) => fetch(origin + path, { headers });

async function refusal(path: string, headers?: Record<string, string>) {
  const response = await get(path, headers);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  return `${response.status} ${errors[0]!.extensions.code}: ${errors[0]!.message}`;
}

/** A folder of its own with one class `a`, and the address of each of its files as the val split of a run. */
async function serve(files: Record<string, Uint8Array>): Promise<{ place: string; addresses: string[]; run: TestRun }> {
  const place = await mkdtemp(join(folder, "set-"));
  await mkdir(join(place, "a"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(place, "a", name), content);
  const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
  const names = Object.keys(files).map((name) => `a/${name}`);
  const { imagesHash } = await insertScannedDataset(api.app.pool, [run], {
    folder: place,
    files: names,
    contentOf: (file) => files[file.slice(2)]!,
  });
  return { place, run, addresses: names.map((_, i) => pictureAddress(run.id, imagesHash, i)) };
}

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#c04020" } });

async function openShareLink(run: TestRun): Promise<Record<string, string>> {
  const { data } = await api.ask(
    "mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input: { scope: "RUN", mode: "LIVE", run: run.id } },
    owner,
  );
  const [id, secret] = (data.createShareLink.path as string).replace("/s/", "").split("#");
  const response = await fetch(api.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: `mutation { openShareLink(input: { id: "${id}", secret: "${secret}" }) { title } }`,
    }),
  });
  return { cookie: response.headers.get("set-cookie")!.split(";")[0]! };
}

describe("a picture of an image that a run was scored on", () => {
  it("is served of every class of the shipped dataset, and never as anything but a picture", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    const files = shippedFiles(2);
    const { imagesHash } = await insertScannedDataset(api.app.pool, [run], { folder: shippedDataset, files });
    for (const [i, file] of files.entries()) {
      const response = await get(pictureAddress(run.id, imagesHash, i));
      expect(response.status, file).toBe(200);
      const { format, width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect([format, width, height], file).toEqual(["webp", 28, 28]);
      expect(Object.fromEntries(response.headers), file).toMatchObject({
        "content-type": "image/webp",
        "content-disposition": "inline",
        "content-security-policy": "default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=31536000, immutable",
      });
    }
  });

  it("is small, whatever the file is, turned as EXIF says, and without what else the file says", async () => {
    const photo = await flat(3000, 1500).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { addresses } = await serve({ "photo.jpg": photo });
    const bytes = Buffer.from(await (await get(addresses[0]!)).arrayBuffer());
    const { width, height, exif } = await sharp(bytes).metadata();
    expect([width, height, exif]).toEqual([128, 256, undefined]);
  });

  it("is not sent again to who has it", async () => {
    const { addresses } = await serve({ "1.png": await flat(8, 8).png().toBuffer() });
    const etag = (await get(addresses[0]!)).headers.get("etag")!;
    const again = await get(addresses[0]!, { ...owner, "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });
});

describe("a picture is for those who may see the run", () => {
  it("the owner and a share link that covers it, nobody else", async () => {
    const png = await flat(8, 8).png().toBuffer();
    const [shown, other] = [await serve({ "1.png": png }), await serve({ "1.png": png })];
    const link = await openShareLink(shown.run);
    expect((await get(shown.addresses[0]!, link)).status).toBe(200);
    expect(await refusal(other.addresses[0]!, link)).toMatch(/^404 NOT_FOUND: There is no run/);
    expect(await refusal(shown.addresses[0]!, {})).toMatch(/^401 UNAUTHENTICATED/);
    // Under a run that the link covers, another dataset's list is none.
    const borrowed = other.addresses[0]!.replace(other.run.id, shown.run.id).replace(/\/0$/, "/7");
    expect(await refusal(borrowed, link)).toMatch(/^404 NOT_FOUND/);
  });
});

describe("no address leads anywhere but to a scanned image", () => {
  it.each(["/../../1.png", "/..%2f..%2f1.png", "/-1", "/1e3", "/99", "/0x0", "/a%2f1.png"])("%s", async (tail) => {
    const { addresses } = await serve({ "1.png": await flat(8, 8).png().toBuffer() });
    const response = await get(addresses[0]!.replace(/\/0$/, tail));
    expect(response.status).toBe(404);
  });

  it("and no link out of the folder is followed, of a file or of its folder", async () => {
    const png = await flat(8, 8).png().toBuffer();
    const { place, addresses } = await serve({ "1.png": png });
    const outside = await mkdtemp(join(folder, "outside-"));
    await writeFile(join(outside, "1.png"), png);
    await rm(join(place, "a", "1.png"));
    await symlink(join(outside, "1.png"), join(place, "a", "1.png"));
    expect(await refusal(addresses[0]!)).toContain("a link that leads out of the dataset's folder");
    await rm(join(place, "a"), { recursive: true });
    await symlink(outside, join(place, "a"));
    expect(await refusal(addresses[0]!)).toContain("a link that leads out of the dataset's folder");
  });
});

describe("what cannot be shown says why, and not where it lies", () => {
  it("a file that changed since the scan is no evidence, one that went cannot be read", async () => {
    const { place, addresses } = await serve({ "1.png": await flat(8, 8).png().toBuffer() });
    await writeFile(join(place, "a", "1.png"), await flat(9, 9).png().toBuffer());
    expect(await refusal(addresses[0]!)).toContain("its file was changed after the dataset was scanned");
    await rename(place, `${place}-gone`);
    const gone = await refusal(addresses[0]!);
    expect(gone).toContain("its file is not on the machine of the API");
    expect(gone).not.toContain(folder);
  });

  it("a file that is no picture, is damaged, or too large to look at", async () => {
    const png = await flat(64, 64).png().toBuffer();
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const { addresses } = await serve({
      "drawing.png": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>'),
      "bomb.png": bomb,
      "fine.png": png,
    });
    expect(await refusal(addresses[0]!)).toContain("it is none of JPEG, PNG, WebP and GIF");
    expect(await refusal(addresses[1]!)).toMatch(/^404 NOT_FOUND: This picture cannot be shown: /);
    expect((await get(addresses[2]!)).status).toBe(200);
  });

  it("a run of which nothing is known but what was logged has no pictures", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    expect(await refusal(pictureAddress(run.id, "0".repeat(64), 0))).toMatch(/^404 NOT_FOUND/);
  });
});

it("a list of the same images replaces the one before, where files were renamed", async () => {
  const png = await flat(8, 8).png().toBuffer();
  const { place, run, addresses } = await serve({ "1.png": png });
  expect((await get(addresses[0]!)).status).toBe(200);
  await rename(join(place, "a", "1.png"), join(place, "a", "renamed.png"));
  expect((await get(addresses[0]!)).status).toBe(404);
  const { rows } = await api.app.pool.query("SELECT dataset_id FROM run WHERE id = $1", [run.id]);
  const dataset = { id: rows[0].dataset_id as string, distKey: run.distKey };
  const list = valList([{ path: "a/renamed.png", contentHash: sha256(png) }]);
  const classes = [{ name: "a", images: 1, train: 0, val: 1, test: 0 }];
  await transaction(api.app.pool, (client) => storeImageLists(client, dataset, [list], classes));
  expect((await get(addresses[0]!)).status).toBe(200);
});
