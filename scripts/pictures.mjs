#!/usr/bin/env node
// `npm run pictures -- <address that npm start printed>`: takes the README's pictures of a running product, from whatever its database holds.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// The browser of the end-to-end specs.
const require = createRequire(path.join(root, "e2e", "package.json"));
const load = async (name) => {
  const module = await import(pathToFileURL(require.resolve(name)).href);
  return module.default ?? module;
};

const address = process.argv[2];
if (!address?.includes("#token=")) {
  console.error(
    "Give the sign-in address that npm start printed: npm run pictures -- http://127.0.0.1:3000/sign-in#token=…",
  );
  process.exit(1);
}
const { origin } = new URL(address);
const folder = path.join(root, "docs", "pictures");
mkdirSync(folder, { recursive: true });

const chromium = await load("@sparticuz/chromium");
const playwright = await load("playwright-core");
const browser = await playwright.chromium.launch({
  executablePath: await chromium.executablePath(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  env: {
    ...process.env,
    LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, path.join(tmpdir(), "al2023", "lib")].filter(Boolean).join(":"),
    FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? path.join(tmpdir(), "fonts"),
  },
});

/** Opens a window as somebody with these looks, signed in where `state` says so. */
function open({ night = false, german = false, phone = false, state } = {}) {
  return browser.newContext({
    storageState: state,
    locale: german ? "de-DE" : "en-US",
    colorScheme: night ? "dark" : "light",
    viewport: phone ? { width: 400, height: 860 } : { width: 1440, height: 900 },
    deviceScaleFactor: phone ? 2 : 1,
  });
}

async function take(name, url, look, at) {
  const context = await open(look);
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy="true"]').length === 0);
  if (at) {
    await page
      .getByRole("heading", { name: at, exact: true })
      .first()
      .evaluate((one) => {
        one.scrollIntoView();
        window.scrollBy(0, -72);
      });
  }
  await page.waitForLoadState("networkidle");
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(path.relative(root, file));
  await context.close();
}

try {
  const context = await open();
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  const state = await context.storageState();
  const ask = async (query, variables = {}) => {
    const answer = await page.request.post(`${origin}/graphql`, { data: { query, variables } });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(errors[0].message);
    return data;
  };

  const { projects } = await ask(
    "{ projects { nodes { slug experiments { nodes { id runs { nodes { id status architecture { id } bestEvaluation { epoch } } } } } } } }",
  );
  const all = projects.nodes.flatMap(({ slug, experiments }) => experiments.nodes.map((one) => ({ slug, ...one })));
  // The experiment that has most to show.
  const done = ({ runs }) => runs.nodes.filter(({ status, bestEvaluation }) => status === "FINISHED" && bestEvaluation);
  const [shown] = all.sort((a, b) => done(b).length - done(a).length);
  const runs = shown ? done(shown) : [];
  if (runs.length < 2)
    throw new Error("Pictures need an experiment with two finished runs. Let npm start train its example first.");
  const ids = runs.map(({ id }) => id).join(",");

  await take("experiment-day", `${origin}/p/${shown.slug}/e/${shown.id}`, { state });
  await take("run-night", `${origin}/runs/${runs[0].id}`, { state, night: true });
  await take("compare-german", `${origin}/compare?runs=${ids}`, { state, german: true });
  await take("same-images", `${origin}/compare?runs=${ids}`, { state }, "Same images, two runs");
  await take(
    "mistakes-night",
    `${origin}/runs/${runs[0].id}?tab=evaluation`,
    { state, night: true },
    "Most confident mistakes",
  );
  await take("model", `${origin}/models/resnet101`, { state }, "The guide and the evidence");
  const { createShareLink } = await ask(
    "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path shareLink { id } } }",
    { input: { scope: "RUN", mode: "FROZEN", run: runs[0].id, label: "README" } },
  );
  await take("shared-phone", origin + createShareLink.path, { phone: true });
  await ask("mutation($id: ID!) { revokeShareLink(id: $id) { id } }", { id: createShareLink.shareLink.id });
} finally {
  await browser.close();
}
