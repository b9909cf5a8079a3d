import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import type { GraphQLClient } from "./graphql-client.js";
import { type System, startSystem } from "./system.js";

let system: System;
let owner: GraphQLClient;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
  owner = await system.owner();
});
afterAll(async () => {
  await browser.close();
  await system.close();
});

const runNames = async () => {
  const { runs } = await owner<{ runs: { nodes: { name: string }[] } }>(
    `{ runs(project: "main", first: 10) { nodes { name } } }`,
  );
  return runs.nodes.map(({ name }) => name);
};

it("an experiment that is deleted and a link that is revoked can be had back at once and later, by keyboard", async () => {
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    `mutation { createExperiment(input: { project: "main", name: "Backbones" }) { id } }`,
  );
  await owner("mutation($input: CreateRunInput!) { createRun(input: $input) { id } }", {
    input: { experiment: createExperiment.id, name: "a run of it" },
  });
  await owner("mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }", {
    input: { scope: "EXPERIMENT", mode: "LIVE", experiment: createExperiment.id, label: "for the board" },
  });
  const page = await (await openWindow(browser)).newPage();
  await page.goto(system.url);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  await page.goto(`${system.origin}/experiments`);

  await page.getByRole("button", { name: "Delete Backbones" }).press("Enter");
  await page.getByText("“Backbones” and its runs are in the trash.").waitFor();
  expect(await runNames()).toEqual([]);
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByText("“Backbones” is back").waitFor();
  expect(await runNames()).toEqual(["a run of it"]);

  await page.getByRole("button", { name: "Delete Backbones" }).press("Enter");
  await page.getByRole("button", { name: "Delete Backbones" }).waitFor({ state: "detached" });
  await page.goto(`${system.origin}/trash`);
  await page.getByRole("button", { name: "Restore Backbones" }).press("Enter");
  await page.getByRole("heading", { name: "The trash is empty" }).waitFor();
  expect(await runNames()).toEqual(["a run of it"]);

  await page.goto(`${system.origin}/links`);
  await page.getByRole("button", { name: "Revoke" }).press("Enter");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByText("The link opens again.").waitFor();
  await page.getByRole("button", { name: "Revoke" }).press("Enter");
  await page.getByRole("button", { name: "Restore" }).press("Enter");
  await page.getByRole("button", { name: "Revoke" }).waitFor();
});
