import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharpen } from "./sharpness.js";
import { autocontrast, brighten, changeContrast, equalize, posterize, saturate, solarize } from "./tone.js";

interface Fixture {
  readonly size: number;
  readonly source: string;
  readonly cases: readonly {
    readonly change: string;
    readonly arguments: readonly number[];
    readonly pixels: string;
  }[];
  readonly equalize: { readonly source: string; readonly pixels: string };
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/tone.json", import.meta.url), "utf8")) as Fixture;
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

const changes: Record<string, (pixels: Uint8Array, argument: number) => void> = {
  autocontrast,
  brighten,
  changeContrast,
  posterize,
  saturate,
  solarize,
  sharpen: (pixels, factor) => sharpen(pixels, fixture.size, factor),
};

describe("changes of tone", () => {
  it.each(fixture.cases)(
    "$change($arguments) gives Pillow's pixels, but for its rounding in single precision",
    (entry) => {
      const pixels = bytes(fixture.source);
      changes[entry.change]!(pixels, entry.arguments[0]!);
      const expected = bytes(entry.pixels);
      const differences = pixels.map((value, i) => Math.abs(value - expected[i]!));
      expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      expect(differences.filter((difference) => difference > 0).length).toBeLessThan(pixels.length / 20);
      expect(pixels).not.toEqual(bytes(fixture.source));
    },
  );

  it("equalize gives Pillow's pixels", () => {
    const pixels = bytes(fixture.equalize.source);
    equalize(pixels);
    expect(pixels).toEqual(bytes(fixture.equalize.pixels));
  });

  it("leaves an image of one colour as it is where there is nothing to stretch or spread", () => {
    for (const change of [autocontrast, equalize]) {
      const pixels = new Uint8Array(300).fill(77);
      change(pixels);
      expect(new Set(pixels)).toEqual(new Set([77]));
    }
  });
});
