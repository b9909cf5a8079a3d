import { tmpdir } from "node:os";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium as playwright } from "playwright-core";

/** Headless Chromium from npm; the libraries of the machine come first, the unpacked ones fill the gaps. */
export async function openBrowser(): Promise<Browser> {
  const libraries = [process.env.LD_LIBRARY_PATH, path.join(tmpdir(), "al2023", "lib")].filter(Boolean).join(":");
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? path.join(tmpdir(), "fonts"),
    },
  });
}

/** A private window. The locale is explicit: Chromium derives an invalid one from `LANG=C.UTF-8`, at which Intl throws. */
export function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ locale: "en-US", viewport: { width: 1440, height: 900 }, ...options });
}
