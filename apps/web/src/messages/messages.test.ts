import { readdirSync } from "node:fs";
import { join } from "node:path";
import { englishMessages, messageKeys } from "@residual/shared";
import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { type Speech, spoken } from "@/lib/say";
import { de } from "@/messages/de";
import { en } from "@/messages/en";

type Tree = { [key: string]: string | Tree };

/** Dotted keys of all texts in a catalogue. */
function keysOf(tree: Tree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}

/** Names of the values that a text takes: {name} and {name, plural, …}, but not the branches of a plural, as in `one {run}`. */
function valuesOf(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/(?<!(?:one|other|=\d+) )\{(\w+)(?=[,}])/g)].map(([, name]) => name ?? "")),
  ].sort();
}

function textAt(tree: Tree, key: string): string {
  const value = key.split(".").reduce<string | Tree | undefined>((node, part) => (node as Tree)[part], tree);
  return typeof value === "string" ? value : "";
}

const { sentence: englishSentences, ...english } = en;
const { sentence: germanSentences, ...german } = de;
const speech: Speech = {
  t: createTranslator({ locale: "de", messages: de, namespace: "sentence" }) as unknown as Speech["t"],
  nameOf: (field) => field.toUpperCase(),
  locale: "de",
};

describe("the two languages", () => {
  it("have the same keys, and every text is filled in", () => {
    expect(keysOf(german as Tree).sort()).toEqual(keysOf(english as Tree).sort());
    for (const tree of [english, german] as Tree[]) {
      for (const key of keysOf(tree)) expect(textAt(tree, key).trim(), key).not.toBe("");
    }
  });

  it("name the same values in each text, so that no sentence loses a number", () => {
    for (const key of keysOf(english as Tree)) {
      expect(valuesOf(textAt(german as Tree, key)), key).toEqual(valuesOf(textAt(english as Tree, key)));
    }
  });

  it("hold every file that lies in the folders", () => {
    const files = (locale: string) =>
      readdirSync(join(import.meta.dirname, locale)).filter((name) => !name.startsWith("sentence-"));
    expect(files("de")).toEqual(files("en"));
    expect(files("en").length).toBe(Object.keys(english).length);
  });
});

describe("sentences of the API", () => {
  it("are all there in German; English is said by the API itself", () => {
    expect(englishSentences).toEqual({});
    const said = keysOf(germanSentences as Tree).filter((key) => !key.startsWith("preflight."));
    expect(said.sort()).toEqual([...messageKeys].sort());
    for (const key of messageKeys) {
      expect(valuesOf(textAt(germanSentences as Tree, key)), key).toEqual(valuesOf(englishMessages[key]));
    }
  });

  it("are said with the numbers of the language and typographic minus signs", () => {
    const message = {
      key: "compare.undecided",
      values: { name: "A", other: "B", difference: -1.25, low: -6.3, high: 4.3 },
      text: "A and B …",
    };
    expect(spoken(message, speech)).toBe(
      "A und B lassen sich hier nicht unterscheiden (−1,25 Prozentpunkte, −6,3 bis +4,3).",
    );
  });

  it("write bare numbers as the language does", () => {
    const share = { name: "A", other: "B", difference: 0, low: -1, high: 1, share: 0.83 };
    expect(spoken({ key: "compare.asGoodCheaper", values: share, text: "" }, speech)).toContain("das 0,83-Fache");
    const images = { images: 1500, minimum: 10_000, architecture: "ViT-L/16" };
    expect(spoken({ key: "guide.note.belowMinimum", values: images, text: "" }, speech)).toMatch(
      /^1\.500 Bilder sind weniger als die 10\.000/,
    );
  });

  it("keep the decimals of a number that comes as text, and name settings as the form does", () => {
    const small = {
      key: "fairness.smallValidation",
      values: { examples: 300, accuracy: "87.0", low: "−83.1", high: "+90.6" },
      text: "",
    };
    expect(spoken(small, speech)).toBe("300 Val-Bilder kennen eine Genauigkeit von 87,0 % nur von −83,1 bis +90,6 %.");
    const range = { key: "config.outOfRange", values: { field: "seed", value: -1, min: 0, max: 9 }, text: "" };
    expect(spoken(range, speech)).toBe("SEED ist −1; erlaubt ist 0 bis 9.");
  });

  it("are said in English where a newer API knows a key that the dashboard does not", () => {
    expect(spoken({ key: "gap.unheardOf", values: {}, text: "Something new." }, speech)).toBe("Something new.");
  });
});
