import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** More stops than any page has: whoever has not come to a control by then does not come to it. */
const mostStops = 300;

/** Puts the focus on a control as somebody does who has no pointer, Tab by Tab. Throws where no Tab leads to it. */
export async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < mostStops; stops++) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${mostStops} presses of Tab do not lead to ${target}.`);
}

/** Enter on a button, a link or a summary. */
export async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  await page.keyboard.press("Enter");
}

/** Ticks a box that is not ticked yet. */
export async function tick(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  if (!(await target.isChecked())) await page.keyboard.press("Space");
}

/** Replaces what stands in a field. */
export async function write(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Goes from the tab that is open to another with the arrow keys, one at a time: the focus follows each a moment later. */
export async function openTab(page: Page, name: string): Promise<void> {
  await reach(page, page.getByRole("tab", { selected: true }));
  const wanted = page.getByRole("tab", { name, exact: true });
  const isFocused = (one: Locator) => one.evaluate((tab) => tab === document.activeElement);
  const tabs = await page.getByRole("tab").all();
  const selected = await Promise.all(tabs.map((tab) => tab.getAttribute("aria-selected")));
  for (let at = selected.indexOf("true"); !(await isFocused(wanted)); at = (at + 1) % tabs.length) {
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => isFocused(tabs[(at + 1) % tabs.length]!)).toBe(true);
  }
  await page.getByRole("tab", { name, exact: true, selected: true }).waitFor();
}

/** Counts what pointers do on a page from now on, in every document that it opens. */
export async function countPointers(page: Page): Promise<() => number> {
  let count = 0;
  await page.exposeFunction("pointerWasUsed", () => void count++);
  await page.addInitScript(() => {
    const told = window as unknown as { pointerWasUsed: () => void };
    addEventListener("pointerdown", () => told.pointerWasUsed(), true);
  });
  return () => count;
}
