import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import { type System, startSystem } from "./system.js";

let system: System;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await system.close();
});

async function pageOf(url: string): Promise<Page> {
  const page = await (await openWindow(browser)).newPage();
  await page.goto(url);
  return page;
}
const settled = (page: Page, not: string) =>
  page.waitForURL((url) => !url.pathname.startsWith(not), { waitUntil: "commit" });

it("somebody is invited, joins with a password by keyboard alone, signs in elsewhere, and sees nothing once removed", async () => {
  const owner = await pageOf(system.url);
  await settled(owner, "/sign-in");
  await owner.goto(`${system.origin}/settings?tab=people`);
  await owner.getByRole("button", { name: "Invite somebody" }).click();
  await owner.getByLabel("Role").selectOption("VIEWER");
  await owner.getByRole("button", { name: "Make the link" }).click();
  const link = await owner.getByRole("dialog").locator("code").innerText();
  expect(link).toMatch(new RegExp(`^${system.origin}/join/inv_[0-9a-f]{32}#[\\w-]{43}$`));
  await owner.getByRole("button", { name: "Done" }).click();

  const guest = await pageOf(link);
  await guest.getByLabel("Your name").waitFor();
  expect(new URL(guest.url()).hash).toBe("");
  await guest.keyboard.type("Ada");
  await guest.keyboard.press("Tab");
  await guest.keyboard.type("ada@example.org");
  await guest.keyboard.press("Tab");
  await guest.keyboard.type("a password of some length");
  await guest.keyboard.press("Enter");
  await settled(guest, "/join");

  const again = await pageOf(`${system.origin}/sign-in`);
  await again.getByLabel("E-mail address").fill("ada@example.org");
  await again.getByLabel("Password", { exact: true }).fill("a password of some length");
  await again.keyboard.press("Enter");
  await settled(again, "/sign-in");
  await again.goto(`${system.origin}/settings?tab=people`);
  await again.getByText("(you)").waitFor();
  expect(await again.getByRole("button", { name: "Invite somebody" }).count()).toBe(0);

  const used = await pageOf(link);
  await used.getByRole("heading", { name: "This invite opens nothing" }).waitFor();

  await owner.reload();
  await owner.getByRole("button", { name: "Remove Ada from the project" }).click();
  await owner.getByRole("button", { name: "Remove Ada from the project" }).waitFor({ state: "detached" });
  await again.reload();
  await again.getByText("You belong to no project").waitFor();
});
