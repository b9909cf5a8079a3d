import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import { countPointers, openTab, press, reach, tick, write } from "./keyboard.js";
import { type System, startSystem } from "./system.js";
import { smallImageFolder } from "./workbench.js";

let system: System;
let browser: Browser;
let page: Page;
let pointers: () => number;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), openBrowser()]);
  page = await (await openWindow(browser)).newPage();
  page.setDefaultTimeout(60_000);
  pointers = await countPointers(page);
});
afterAll(async () => {
  await browser.close();
  await system.close();
});

/** One stranger's first quarter of an hour, without a pointer; each step goes on where the one before it ended. */
describe("the main job in a browser, by keyboard alone", () => {
  it("signs in with the printed address and keeps the token out of the address bar", async () => {
    await page.goto(system.url);
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
    await page.getByRole("navigation").first().waitFor();
    expect(page.url()).not.toContain("token");
  });

  it("registers a folder of images and shows what is in it", async () => {
    await page.goto(`${system.origin}/datasets`);
    await press(page, page.getByRole("button", { name: /register/i }).first());
    const dialog = page.getByRole("dialog");
    await write(page, dialog.getByLabel(/name/i), "Clothes");
    await write(page, dialog.getByLabel(/folder|path/i), smallImageFolder());
    await press(page, dialog.getByRole("button", { name: /register/i }));
    await page
      .getByText(/180 images/)
      .first()
      .waitFor();
  });

  it("trains a ResNet-18 from the launch dialog and shows it live", async () => {
    await page.goto(`${system.origin}/experiments`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await write(page, page.getByRole("combobox"), "Train ResNet-18");
    await page
      .getByRole("option", { name: /ResNet-18/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await tick(page, dialog.getByRole("checkbox", { name: /ResNet-18/ }));
    await write(page, dialog.getByLabel("Name of the new experiment"), "Clothes: which one?");
    await write(page, dialog.getByLabel(/^Epochs/), "3");
    await write(page, dialog.getByLabel(/^Batch size/), "16");
    await write(page, dialog.getByLabel("Learning rate", { exact: true }), "5");
    // Out of range: the range and its reason are there before anything is sent.
    await dialog
      .getByText(/0\.001|1e-3|10⁻³/)
      .first()
      .waitFor();
    await write(page, dialog.getByLabel("Learning rate", { exact: true }), "5e-4");
    const imageSize = dialog.getByLabel(/^Image size/);
    if (!(await imageSize.isVisible())) await press(page, dialog.getByText("Advanced"));
    await write(page, imageSize, "32");
    await press(page, dialog.getByRole("button", { name: /^Start/ }));

    await page.getByText("Clothes: which one?").first().waitFor();
    if (!page.url().includes("/e/")) await page.goto(system.origin);
    await page.getByRole("progressbar").first().waitFor();
    await page.locator("canvas").first().waitFor();
    const row = page.getByRole("row", { name: /ResNet-18/ });
    await row.getByText("Finished").waitFor({ timeout: 180_000 });
    await row.getByText(/^[0-9.,]+ %/).waitFor();
  });

  it("says the verdict on the run's page and proves that every point is stored", async () => {
    await press(page, page.getByRole("link", { name: /ResNet-18/ }).first());
    await page.waitForURL(/\/runs\/run_/);
    await page.getByRole("heading", { name: /ResNet-18/ }).waitFor();
    await openTab(page, "Integrity");
    await page
      .getByText(/of [0-9,]+ points/)
      .first()
      .waitFor();
  });

  it("shows the pictures that it was wrong about, each with what it is and what it was taken for", async () => {
    await openTab(page, "Evaluation");
    // After one epoch of a network that began at random it is wrong about some of three classes.
    await reach(page, page.getByRole("combobox", { name: "Evaluation", exact: true }));
    await page.keyboard.press("Home");
    const pictures = page.getByRole("list", { name: "Most confident mistakes", exact: true }).getByRole("img");
    await pictures.first().scrollIntoViewIfNeeded();
    await expect.poll(() => pictures.first().evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(28);
    expect(await pictures.first().getAttribute("alt")).toMatch(/^Image \d+: [\w-]+, taken for [\w-]+ \(\d+ %\)$/);
    const address = (await pictures.first().getAttribute("src"))!;
    const answer = await page.request.get(system.origin + address);
    expect(answer.headers()).toMatchObject({ "content-type": "image/webp", "x-content-type-options": "nosniff" });
    expect((await fetch(system.origin + address)).status).toBe(401);
    await openTab(page, "Overview");
  });

  it("shares the run: a stranger sees it and nothing else, until the link is revoked", async () => {
    const runUrl = page.url();
    await press(page, page.getByRole("button", { name: "Share" }));
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Create link" }));
    const shared = await page.getByTestId("share-url").inputValue();
    expect(shared).toMatch(/\/s\/lnk_[0-9a-f]+#/);

    const stranger = await (await openWindow(browser)).newPage();
    await stranger.goto(shared);
    await stranger.getByRole("heading", { name: /ResNet-18/ }).waitFor();
    await stranger.locator("canvas").first().waitFor();
    await openTab(stranger, "Evaluation");
    await stranger.getByRole("combobox", { name: "Evaluation", exact: true }).selectOption({ index: 0 });
    const picture = stranger
      .getByRole("list", { name: "Most confident mistakes", exact: true })
      .getByRole("img")
      .first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(28);
    await stranger.goto(`${system.origin}/experiments`);
    await stranger.waitForURL(/sign-in/, { waitUntil: "commit" });
    await stranger.goto(shared);
    await stranger.getByRole("heading", { name: /ResNet-18/ }).waitFor();

    await page.goto(`${system.origin}/links`);
    await press(page, page.getByRole("button", { name: "Revoke" }).first());
    const confirm = page.getByRole("dialog").getByRole("button", { name: /revoke/i });
    if (await confirm.isVisible()) await press(page, confirm);
    await stranger.getByText("This link opens nothing").waitFor();
    await page.goto(runUrl);
  });

  it("saves the run as one file that shows the same without the server, and runs and loads nothing", async () => {
    await openTab(page, "Overview");
    await page.locator("canvas").first().waitFor();
    // The last part of the page to arrive.
    await page.getByRole("heading", { name: "More data or a bigger network?" }).waitFor();
    await press(page, page.getByRole("button", { name: "Share" }));
    const downloading = page.waitForEvent("download");
    await press(page, page.getByRole("button", { name: "Save the page as one file" }));
    const file = path.join(system.dataDir, "saved.html");
    await (await downloading).saveAs(file);
    await page.keyboard.press("Escape");

    const alone = await (await openWindow(browser, { offline: true })).newPage();
    const asked: string[] = [];
    alone.on("request", (request) => void (request.url().startsWith("data:") || asked.push(request.url())));
    const problems: string[] = [];
    alone.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
    await alone.goto(`file://${file}`);
    await alone.getByRole("heading", { name: /ResNet-18/ }).waitFor();
    const headings = (shown: Page) => shown.locator("main h2").allInnerTexts();
    expect(await headings(alone)).toEqual(await headings(page));
    const widths = await alone.evaluate(() => [...document.images].map(({ naturalWidth }) => naturalWidth));
    expect(widths.length).toBeGreaterThan(0);
    expect(Math.min(...widths)).toBeGreaterThan(100);
    expect(await alone.locator("main").innerText()).not.toMatch(/\bago\b|^Apply$/m);
    expect(asked).toEqual([`file://${file}`]);
    expect(problems).toEqual([]);
    await alone.context().close();
  });

  it("changes to night and to German by keyboard and stays so", async () => {
    await page.getByRole("heading", { name: /ResNet-18/ }).waitFor();
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const before = await theme();
    await page.keyboard.press("Control+d");
    await expect.poll(theme).not.toBe(before);
    await page.keyboard.press("Control+l");
    await page.getByRole("link", { name: "Modelle" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Modelle" }).waitFor();
    expect(await theme()).not.toBe(before);
  });

  it("has needed no pointer for any of this", () => {
    expect(pointers()).toBe(0);
  });
});
