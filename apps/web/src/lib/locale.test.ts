import { expect, it } from "vitest";
import { preferredLocale } from "@/lib/locale";

it("takes the first language of the browser that the dashboard speaks, else English", () => {
  expect(preferredLocale("fr-FR,de-AT;q=0.9,en;q=0.8")).toBe("de");
  expect(preferredLocale("en-GB,de;q=0.9")).toBe("en");
  expect(preferredLocale("fr")).toBe("en");
  expect(preferredLocale(null)).toBe("en");
});
