import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import { type System, startSystem } from "./system.js";

let system: System;
let browser: Browser;
/** Another program on this machine, with a page of its own: to the browser the same site, which shares our cookies. */
let foreign: Server;

beforeAll(async () => {
  foreign = createServer((_request, response) => response.end("<!doctype html><title>Another program</title>"));
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
});
afterAll(async () => {
  foreign.close();
  await browser.close();
  await system.close();
});

/** What opening a subscription from the page comes to: `acknowledged` or `refused`. */
function openSocket(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (address) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address, "graphql-transport-ws");
        socket.onopen = () => socket.send('{"type":"connection_init"}');
        socket.onmessage = ({ data }) =>
          resolve((JSON.parse(data) as { type: string }).type.replace("connection_ack", "acknowledged"));
        socket.onclose = () => resolve("refused");
      }),
    url,
  );
}

it("a page of another program cannot use the session, read through a socket, or put the dashboard into a frame", async () => {
  const context = await openWindow(browser);
  const own = await context.newPage();
  await own.goto(system.url);
  await own.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  const socketUrl = `${system.origin.replace("http", "ws")}/graphql`;
  expect(await openSocket(own, socketUrl)).toBe("acknowledged");

  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  expect(await openSocket(page, socketUrl)).toBe("refused");
  const post = (contentType: string) =>
    page.evaluate(
      ([url, type]) =>
        fetch(`${url}/graphql`, {
          method: "POST",
          credentials: "include",
          headers: { "content-type": type! },
          body: '{"query":"mutation { createProject(input: {slug: \\"stolen\\", name: \\"Stolen\\"}) { id } }"}',
        }).then(
          () => "read",
          () => "refused",
        ),
      [system.origin, contentType],
    );
  expect(await post("application/json")).toBe("refused");
  expect(await post("text/plain")).toBe("refused");
  const owner = await system.owner();
  const { project } = await owner<{ project: unknown }>('{ project(slug: "stolen") { id } }').catch(() => ({
    project: null,
  }));
  expect(project).toBeNull();

  const blocked = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.evaluate((url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
  }, `${system.origin}/settings`);
  await blocked;
  await context.close();
});

it("a stranger with a link sees what it shows, under the same policy as every page", async () => {
  const owner = await system.owner();
  const { projects } = await owner<{ projects: { nodes: { slug: string }[] } }>("{ projects { nodes { slug } } }");
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project: projects.nodes[0]!.slug, name: "Shared" } },
  );
  const { createRun } = await owner<{ createRun: { id: string } }>(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    { input: { experiment: createExperiment.id, name: "Run to be seen" } },
  );
  const { createShareLink } = await owner<{ createShareLink: { path: string } }>(
    "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
    { input: { scope: "RUN", mode: "LIVE", run: createRun.id } },
  );
  const context = await openWindow(browser);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  const response = await page.goto(system.origin + createShareLink.path);
  await page.getByText("Run to be seen").first().waitFor();
  expect(problems).toEqual([]);
  const headers = response!.headers();
  expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" });
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  await context.close();
});

it("markup that gets into a page runs nothing, and no two answers share a nonce", async () => {
  const context = await openWindow(browser);
  const page = await context.newPage();
  const policies = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const response = await page.goto(`${system.origin}/sign-in`);
    policies.add(/script-src [^;]*/.exec(response!.headers()["content-security-policy"]!)![0]);
  }
  expect(policies.size).toBe(2);
  expect([...policies].join()).not.toContain("unsafe");
  const refused = page.waitForEvent("console", (message) => message.text().includes("Content Security Policy"));
  await page.evaluate(() =>
    document.body.insertAdjacentHTML("beforeend", `<img src="data:," onerror="document.title = 'taken over'">`),
  );
  await refused;
  expect(await page.title()).toBe("Residual");
  await context.close();
});
