import { embedCode, usualFrame } from "@residual/shared";
import type { Request } from "express";
import type { Context } from "../../context.js";
import { errorBody } from "../../error-body.js";
import { AppError, badInput } from "../../errors.js";
import type { HttpRoutes } from "../../http-routes.js";
import { isOwnOrigin } from "../../http-rules.js";
import type { ShareLink } from "./share-link.entity.js";
import { anonymizerOf, findLinkByEmbedKey } from "./share-session.js";

const embedPath = /^\/embed\/([\w-]{43})$/;
const secondsToKeep = 3_600;

/**
 * What is told of embedded views without a session. /embed-origins/:key: the sites whose pages may frame it, for the policy of the page that Next
 * renders; none for a key that opens nothing. /oembed?url=…: how to embed the view at this address (oembed.com, type rich), for wikis and editors.
 */
export function serveEmbeds(routes: HttpRoutes): void {
  routes.get("/embed-origins/:key", ["PUBLIC"], "The sites of an embedded view", async (context, request, response) => {
    const link = await findLinkByEmbedKey(context.db, String(request.params.key)).catch(nothing);
    response.json({ origins: link?.embedOrigins ?? [] });
  });
  routes.get("/oembed", ["PUBLIC"], "oEmbed", async (context, request, response) => {
    const { url, format } = request.query;
    if (format !== undefined && format !== "json") {
      const message = "format is not json, which is all that is served here.";
      return void response.status(501).json(errorBody(request, "BAD_INPUT", message, { field: "format" }));
    }
    const address = addressOf(context, url);
    const key = address.pathname.match(embedPath)?.[1] ?? "";
    const link = await context.attempts.openShareLink.present(context.address, () =>
      findLinkByEmbedKey(context.db, key),
    );
    const title = await titleOf(context, link);
    const frame = {
      width: Math.min(usualFrame.width, pixels(request, "maxwidth")),
      height: Math.min(usualFrame.height, pixels(request, "maxheight")),
    };
    response.json({
      version: "1.0",
      type: "rich",
      provider_name: "Residual",
      provider_url: address.origin,
      title,
      cache_age: secondsToKeep,
      ...frame,
      html: embedCode(address.origin + address.pathname, title, frame),
    });
  });
}

/** For NOT_FOUND. */
function nothing(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

/** Without fragment and query: what a consumer sends by mistake is not sent back. */
function addressOf({ env }: Context, url: unknown): URL {
  const address = typeof url === "string" && URL.canParse(url) ? new URL(url) : null;
  if (address && isOwnOrigin(address, env.RESIDUAL_WEB_ORIGIN)) return address;
  throw badInput("url", "url is no address of this dashboard. Send that of an embedded view: …/embed/<key>.");
}

/** A link with a password tells its title to who has the password. */
async function titleOf({ db }: Context, link: ShareLink): Promise<string> {
  if (link.passwordHash !== null || link.label === "") return "Residual";
  return (await anonymizerOf(db, link))?.text(link.label) ?? link.label;
}

/** Infinity for what is not asked. Throws BAD_INPUT for what is no number of pixels. */
function pixels({ query }: Request, name: "maxwidth" | "maxheight"): number {
  const value = query[name];
  if (value === undefined) return Number.POSITIVE_INFINITY;
  if (typeof value === "string" && /^[1-9]\d{0,4}$/.test(value)) return Number(value);
  throw badInput(name, `${name} must be a whole number of pixels, as 600.`, [1, 99_999]);
}
