import { tmpdir } from "node:os";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

/** A signed-in window of headless Chromium from npm. */
export async function openSignedIn(system) {
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ["--no-sandbox", "--disable-gpu"],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, path.join(tmpdir(), "al2023", "lib")].filter(Boolean).join(":"),
    },
  });
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1440, height: 900 } });
  const [name, value] = system.cookie.split("=");
  await context.addCookies([{ name, value, url: system.origin }]);
  return { browser, page: await context.newPage() };
}
