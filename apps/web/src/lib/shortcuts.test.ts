import { expect, it } from "vitest";
import { pressed } from "@/lib/shortcuts";

const key = (name: string, held: Partial<Parameters<typeof pressed>[0]> = {}) =>
  pressed({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });

it("names what is pressed the same on every keyboard: Ctrl and ⌘ are one, letters are small", () => {
  expect(key("k", { ctrlKey: true })).toBe("mod+k");
  expect(key("K", { metaKey: true })).toBe("mod+k");
  expect(key("?")).toBe("?");
  expect(key("Escape")).toBe("Escape");
  expect(key("j", { altKey: true })).toBe("alt+j");
});
