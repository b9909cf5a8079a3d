/** What is of no use without the server, or would run something. */
const leftOut =
  '[data-print="hide"], script, noscript, template, iframe, dialog, input, select, textarea, [role="status"]';

/**
 * The page as one file that needs no server: what is on it now, in the present theme and language, its charts and pictures as images, its styles
 * inside. Nothing in it runs, and nothing is loaded: its own policy forbids both. Of long tables it has the rows that are on the page.
 */
export async function pageFile(page: Document, savedNote: string): Promise<Blob> {
  const main = page.querySelector("main");
  if (!main) throw new Error("There is no page to save.");
  const copy = main.cloneNode(true) as HTMLElement;
  await inlinePictures(main, copy);
  for (const element of copy.querySelectorAll(leftOut)) element.remove();
  for (const button of copy.querySelectorAll("button")) {
    if (button.textContent?.trim()) toSpan(button);
    else button.remove();
  }
  // "3 minutes ago" would be wrong a minute later.
  for (const time of copy.querySelectorAll("time")) time.textContent = time.title || time.dateTime;
  // Where a link leads is gone with the server, and is nobody's business.
  for (const link of copy.querySelectorAll("a")) toSpan(link);
  const html = page.implementation.createHTMLDocument(page.title);
  const { lang, dataset } = page.documentElement;
  html.documentElement.lang = lang;
  if (dataset.theme) html.documentElement.dataset.theme = dataset.theme;
  html.head.append(
    meta(html, { charset: "utf-8" }),
    meta(html, {
      "http-equiv": "Content-Security-Policy",
      content: "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    }),
    meta(html, { name: "viewport", content: "width=device-width, initial-scale=1" }),
    Object.assign(html.createElement("style"), { textContent: stylesOf(page) }),
  );
  html.body.className = page.body.className;
  const note = Object.assign(html.createElement("footer"), { textContent: savedNote });
  note.style.padding = "1rem 1.5rem";
  html.body.append(html.importNode(copy, true), note);
  return new Blob([`<!doctype html>\n${html.documentElement.outerHTML}\n`], { type: "text/html" });
}

/** Canvases, and pictures that the server sends: as what they show now. */
async function inlinePictures(from: HTMLElement, to: HTMLElement): Promise<void> {
  const originals = from.querySelectorAll<HTMLCanvasElement | HTMLImageElement>("canvas, img");
  const copies = to.querySelectorAll<HTMLElement>("canvas, img");
  for (const [index, original] of originals.entries()) {
    const picture = to.ownerDocument.createElement("img");
    picture.src = original instanceof HTMLCanvasElement ? original.toDataURL() : await dataUrl(original);
    picture.alt = original.getAttribute("alt") ?? original.getAttribute("aria-label") ?? "";
    picture.className = original.className;
    picture.style.cssText = original.style.cssText;
    picture.width = original.clientWidth;
    picture.height = original.clientHeight;
    copies[index]?.replaceWith(picture);
  }
}

async function dataUrl(image: HTMLImageElement): Promise<string> {
  if (image.src.startsWith("data:")) return image.src;
  // One that waits until somebody scrolls to it would never come.
  image.loading = "eager";
  await image.decode().catch(() => undefined);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth || 1, image.naturalHeight || 1];
  if (image.naturalWidth > 0) canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas.toDataURL();
}

function toSpan(element: Element): void {
  const plain = element.ownerDocument.createElement("span");
  plain.className = element.className;
  plain.append(...element.childNodes);
  element.replaceWith(plain);
}

function stylesOf(page: Document): string {
  return [...page.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)).join("\n");
}

function meta(page: Document, attributes: Record<string, string>): HTMLMetaElement {
  const element = page.createElement("meta");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
