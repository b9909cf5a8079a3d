import { describe, expect, it } from "vitest";
import { Anonymizer } from "./anonymizer.js";

const words = ["Jane Doe", "Jane", "jdoe", "gpu-box-7", "flowers"];
const anonymizer = new Anonymizer(words, Buffer.from("key"));

describe("a text without names", () => {
  it.each([
    ["jane's net on GPU-BOX-7", "•••'s net on •••"],
    ["mail jane@lab.example or x.y+z@host", "mail ••• or •••"],
    ["from git@git.lab.example:team/repo.git", "from •••"],
    ["see https://wiki.lab.example/x?y=1 and s3://bucket/key", "see ••• and •••"],
    ["in /home/someone/data/x.csv, ~/data and C:\\Users\\x y", "in •••, ••• and •••"],
    ["on \\\\nas\\share at 10.1.2.3:80 and node1.cluster.local", "on ••• at ••• and •••"],
    ["data/someone/cats.zip", "•••"],
    ["flowers_v2-jdoe", "•••_v2-•••"],
  ])("%s", (text, shown) => expect(anonymizer.text(text)).toBe(shown));

  it.each(["lr 3e-4, seed 1", "4 images/s", "val/accuracy > 0.9", "janet and sunflowers", "resnet50.a1_in1k 1:2"])(
    "keeps %s",
    (text) => expect(anonymizer.text(text)).toBe(text),
  );
});

it("whole words in any case are found, the longest first, also where small letters are longer", () => {
  const known = new Anonymizer(["Bo Li", "bo", "Ünal", "gpu-7", "/data/x"], Buffer.from("key"));
  expect(known.text("BO LI and Bob, bo-1 ÜNAL gpu-7 gpu-77 data/x İo bo")).toBe(
    "••• and bob, •••-1 ••• ••• gpu-77 ••• i̇o •••",
  );
});

it("metrics are shown by their names, but for those that name somebody", () => {
  const keys = [
    "train/loss",
    "val/per_class/cat/f1",
    "system.gpu0.util",
    "jdoe/loss",
    "gpu-box-7.util",
    "/home/x/loss",
  ];
  expect(keys.filter((key) => anonymizer.showsKey(key))).toEqual(keys.slice(0, 3));
});

it("a config keeps its settings, and of the rest what is equal", () => {
  const path = anonymizer.alias("/data/x");
  expect(
    anonymizer.config({
      learningRate: 0.1,
      augment: true,
      schedule: "cosine",
      monitor: "val/loss",
      dataDir: "/data/x",
      other: "/data/x",
      userName: "unknown",
      jdoe: 1,
      nested: { host: ["a", 2], note: "by Jane", layers: [1, 2] },
    }),
  ).toEqual({
    ...{ learningRate: 0.1, augment: true, schedule: "cosine", monitor: "val/loss", dataDir: path, other: path },
    ...{ userName: anonymizer.alias("unknown"), [anonymizer.alias("jdoe")]: 1 },
    nested: { host: [anonymizer.alias("a"), 2], note: anonymizer.alias("by Jane"), layers: [1, 2] },
  });
  expect(new Anonymizer([], Buffer.from("other")).alias("/data/x")).not.toBe(path);
});
