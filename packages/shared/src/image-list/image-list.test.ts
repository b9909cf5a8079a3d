import { expect, it } from "vitest";
import { readImageList, writeImageList } from "./image-list.js";

const hash = "0123456789abcdef".repeat(4);

it("keeps every path that a folder can hold, in order", () => {
  const paths = ["cat/1.png", "cat/a b\n2.png", "Bär/großes Bild.JPG", "dog/deeper/…/3 .webp"];
  const list = writeImageList(paths.map((path) => ({ path, contentHash: hash })));
  expect(readImageList(list)).toEqual(paths.map((path) => ({ path, contentHash: hash.slice(0, 16) })));
  expect(readImageList(writeImageList([]))).toEqual([]);
});

it.each(["/etc/passwd", "../x.png", "cat/../../x.png", "cat//x.png", "./x.png", "cat/"])(
  "refuses a path that leads out of the dataset's folder: %s",
  (path) => {
    expect(() => readImageList(writeImageList([{ path, contentHash: hash }]))).toThrow("does not lie in");
  },
);

it.each(["cat/1.png\0", `${hash.slice(0, 16)} cat/1.png`, `${hash.slice(0, 15)}g cat/1.png\0`])(
  "refuses what is no list",
  (text) => {
    expect(() => readImageList(text)).toThrow(RangeError);
  },
);
