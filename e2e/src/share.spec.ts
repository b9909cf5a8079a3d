import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import type { GraphQLClient } from "./graphql-client.js";
import { type System, startSystem } from "./system.js";

const python = ["python3", "python"].find((command) => spawnSync(command, ["--version"]).status === 0);
const password = "blue whale, 52 hertz";

let system: System;
let owner: GraphQLClient;
let browser: Browser;
let run: string;
/** Two other sites: to the browser localhost is another site than 127.0.0.1. Each shows in a frame what its query names. */
let sites: Server[];
let allowed: string;
let other: string;

beforeAll(async () => {
  sites = [0, 1].map(() =>
    createServer((request, response) => {
      const address = new URL(request.url!, "http://x").searchParams.get("frame") ?? "";
      response.setHeader("content-type", "text/html");
      response.end(
        `<!doctype html><title>Another site</title><iframe src="${address}" width="900" height="500"></iframe>`,
      );
    }),
  );
  await Promise.all(sites.map((site) => new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve))));
  [allowed, other] = sites.map((site) => `http://localhost:${(site.address() as AddressInfo).port}`) as [
    string,
    string,
  ];
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
  owner = await system.owner();
  run = await logRun("ResNet-50, light augmentation");
});
afterAll(async () => {
  for (const site of sites) site.close();
  await browser.close();
  await system.close();
});

async function logRun(name: string): Promise<string> {
  const { projects } = await owner<{ projects: { nodes: { slug: string }[] } }>("{ projects { nodes { slug } } }");
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project: projects.nodes[0]!.slug, name: "Shared" } },
  );
  const { createRun } = await owner<{ createRun: { id: string } }>(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    {
      input: {
        ...{ experiment: createExperiment.id, name, tags: ["for Ottilie"] },
        config: { dataRoot: "/srv/tresor/images", learningRate: 0.1 },
        environment: { host: "rechner-zwoelf", user: "ottilie" },
      },
    },
  );
  const steps = Array.from({ length: 20 }, (_, i) => i + 1);
  const values = Object.fromEntries(
    ["train/accuracy", "val/accuracy", "train/loss", "val/loss"].map((key) => [key, steps.map((step) => step / 25)]),
  );
  await owner("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
    input: { run: createRun.id, writer: "w", seq: 1, frame: { steps, values } },
  });
  return createRun.id;
}

async function share(input: Record<string, unknown>): Promise<{ id: string; path: string; embedPath: string }> {
  const { createShareLink } = await owner<{
    createShareLink: { path: string; embedPath: string; shareLink: { id: string } };
  }>("mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path embedPath shareLink { id } } }", {
    input: { scope: "RUN", mode: "LIVE", run, ...input },
  });
  const { path, embedPath, shareLink } = createShareLink;
  return { id: shareLink.id, path, embedPath };
}

async function inWindow(look: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await openWindow(browser);
  await look(await context.newPage(), context);
  await context.close();
}

const framed = (site: string, path: string) => `${site}/?frame=${encodeURIComponent(system.origin + path)}`;

describe("an embedded view", () => {
  it("shows its charts in a page of a site that its maker named, without a cookie, and closes when it is revoked", () =>
    inWindow(async (page, context) => {
      const { id, embedPath } = await share({ embedOrigins: [allowed] });
      const response = await page.goto(system.origin + embedPath);
      expect(response!.headers()["content-security-policy"]).toMatch(new RegExp(`frame-ancestors ${allowed}$`));
      expect(response!.headers()).not.toHaveProperty("x-frame-options");
      await page.goto(framed(allowed, embedPath));
      const frame = page.frameLocator("iframe");
      await frame.getByRole("heading", { name: "ResNet-50, light augmentation" }).waitFor();
      await frame.locator("canvas").first().waitFor();
      const size = await frame.locator("html").evaluate((html) => [html.scrollWidth, html.clientWidth]);
      expect(size[0]).toBe(size[1]);
      expect((await context.cookies()).filter(({ name }) => name.startsWith("residual"))).toEqual([]);
      await owner("mutation($id: ID!) { revokeShareLink(id: $id) { id } }", { id });
      await frame.getByText("This link opens nothing").waitFor({ timeout: 10_000 });
    }));

  it("is refused by the browser in the page of any other site, as is every other page in the page of this one", () =>
    inWindow(async (page) => {
      const { path, embedPath } = await share({ embedOrigins: [allowed] });
      for (const address of [framed(other, embedPath), framed(allowed, path), framed(allowed, "/embed/none")]) {
        const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
        await page.goto(address);
        await refused;
      }
    }));

  it("is found by those who ask how to embed it", () =>
    inWindow(async (page) => {
      const { embedPath } = await share({ embedOrigins: [allowed], label: "Which one to ship" });
      await page.goto(system.origin + embedPath);
      const address = await page.locator('link[type="application/json+oembed"]').getAttribute("href");
      const answer = await (await fetch(address!)).json();
      expect(answer).toMatchObject({ type: "rich", title: "Which one to ship", provider_url: system.origin });
      expect((answer as { html: string }).html).toContain(`src="${system.origin}${embedPath}"`);
    }));
});

describe("the share dialog", () => {
  it("makes a link with a password, without names, and gives what a notebook and another site need, by keyboard", () =>
    inWindow(async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.goto(system.url);
      await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
      await page.goto(`${system.origin}/runs/${run}`);
      await page.getByRole("button", { name: "Share" }).press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("checkbox", { name: "Without names" }).press("Space");
      await dialog.getByLabel("Password").fill("short");
      await dialog.getByLabel("Sites").fill(allowed);
      await dialog.getByRole("button", { name: "Create link" }).press("Enter");
      await dialog.getByText(/password has 5 characters/).waitFor();
      await dialog.getByLabel("Password").fill(password);
      await dialog.getByRole("button", { name: "Create link" }).press("Enter");
      const url = await dialog.getByTestId("share-url").inputValue();
      expect(await dialog.getByTestId("embed-code").inputValue()).toMatch(
        new RegExp(`^<iframe src="${system.origin}/embed/[\\w-]{43}" `),
      );
      await dialog.getByRole("button", { name: "Copy as notebook cell" }).press("Enter");
      const cell = await page.evaluate(() => navigator.clipboard.readText());
      if (python) {
        const asked = `import getpass\ngetpass.getpass = lambda _: ${JSON.stringify(password)}\n${cell}`;
        const { stdout, stderr } = spawnSync(python, ["-c", asked], { encoding: "utf8" });
        expect(stderr).toBe("");
        expect(stdout).toBe(
          "ResNet-50, light augmentation 80 points of ['train/accuracy', 'train/loss', 'val/accuracy', 'val/loss']\n",
        );
      }
      await page.goto(`${system.origin}/links`);
      await page.getByText("No names").waitFor();
      await page.getByText("In 1 site").first().waitFor();

      await inWindow(async (stranger) => {
        const told: string[] = [];
        stranger.on(
          "response",
          (response) =>
            void response.text().then(
              (text) => told.push(text),
              () => {},
            ),
        );
        await stranger.goto(url);
        const field = stranger.getByLabel("Password");
        await field.fill("red whale, 52 hertz");
        await field.press("Enter");
        await stranger.getByText("That is not the password of this link.").waitFor();
        await field.fill(password);
        await field.press("Enter");
        await stranger.getByRole("heading", { name: "ResNet-50, light augmentation" }).waitFor();
        await stranger.getByRole("tab", { name: "Metrics" }).click();
        await stranger.locator("canvas").first().waitFor();
        expect(await stranger.content()).not.toMatch(/ottilie|rechner-zwoelf|tresor/i);
        expect(told.join("\n")).toContain("dataRoot");
        expect(told.join("\n")).not.toMatch(/ottilie|rechner-zwoelf|tresor/i);
      });
    }));
});
