import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import { type System, startSystem } from "./system.js";

let system: System;
let browser: Browser;
let folder: string;
let page: Page;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "residual-files-"));
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
  const owner = await system.owner();
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    `mutation { createExperiment(input: { project: "main", name: "Which backbone?", question: "" }) { id } }`,
  );
  const { createRun } = await owner<{ createRun: { id: string } }>(
    `mutation($experiment: ID!) { createRun(input: { experiment: $experiment, name: "mine" }) { id } }`,
    { experiment: createExperiment.id },
  );
  page = await (await openWindow(browser)).newPage();
  await page.goto(system.url);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  await page.goto(`${system.origin}/runs/${createRun.id}?tab=files`);
});
afterAll(async () => {
  await browser.close();
  await system.close();
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, content: string | Uint8Array): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

/** By keyboard alone: the button is focused and pressed. */
async function choose(...files: string[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload files" }).press("Enter");
  await (await chooser).setFiles(files);
}

it("a file goes up in pieces through the dashboard, goes on after cuts, and comes down the same", async () => {
  const content = Buffer.alloc(12_000_000, "weights ");
  let cuts = 0;
  await page.route("**/upload/*", (route) =>
    route.request().method() === "PATCH" && ++cuts % 2 === 1 ? route.abort("connectionreset") : route.continue(),
  );
  await choose(fileOf("weights.bin", content));
  const link = page.getByRole("link", { name: "Download weights.bin" });
  await link.waitFor();
  await page.unroute("**/upload/*");
  expect(cuts).toBe(6);
  const [download] = await Promise.all([page.waitForEvent("download"), link.press("Enter")]);
  expect(download.suggestedFilename()).toBe("weights.bin");
  expect(readFileSync(await download.path()).equals(content)).toBe(true);
});

it("a page that was uploaded is saved and never opened: no script of it runs on the dashboard's origin", async () => {
  const script = "<script>document.cookie='ran=1;path=/';fetch('/graphql',{method:'POST'})</script>";
  await choose(
    fileOf("page.html", script),
    fileOf(
      "drawing.svg",
      `<svg xmlns="http://www.w3.org/2000/svg"><image href="x" onerror="document.cookie='ran=1;path=/'"/></svg>`,
    ),
  );
  for (const name of ["page.html", "drawing.svg"]) {
    const link = page.getByRole("link", { name: `Download ${name}` });
    const address = new URL((await link.getAttribute("href"))!, system.origin).href;
    const headers = (await page.request.get(address)).headers();
    expect(headers["content-security-policy"], name).toBe("sandbox; default-src 'none'");
    expect(headers["content-type"], name).toBe("application/octet-stream");
    const victim = await page.context().newPage();
    const saved = victim.waitForEvent("download");
    // The navigation itself is given up for the download.
    await victim.goto(address).catch(() => {});
    expect((await saved).suggestedFilename(), name).toBe(name);
    // As a page of this very origin would embed it.
    await victim.goto(`${system.origin}/runs`);
    await victim.evaluate((src) => {
      for (const element of ["iframe", "img", "embed"]) {
        const part = document.body.appendChild(document.createElement(element));
        part.setAttribute("src", src);
      }
    }, address);
    await victim.waitForLoadState("networkidle");
    expect(await victim.evaluate(() => document.cookie), name).not.toContain("ran");
    await victim.close();
  }
});

it("a deleted file comes back by undo, and from the deleted files", async () => {
  const drop = page.getByRole("button", { name: "Delete page.html" });
  await drop.press("Enter");
  await drop.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await drop.waitFor();
  await drop.press("Enter");
  await page.getByRole("button", { name: "Deleted files" }).press("Enter");
  await page.getByRole("button", { name: "Restore page.html" }).press("Enter");
  await page.getByText("No file of this run was deleted.").waitFor();
  await page.getByRole("button", { name: "Back to the files" }).press("Enter");
  await drop.waitFor();
});
