import { once } from "node:events";
import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";

type Claims = { name?: string; email?: string; email_verified?: boolean };

/** A real OpenID Connect provider on loopback, with one client. */
export interface TestProvider {
  issuer: string;
  settings: Record<string, string>;
  /** What it says of people, by their login. */
  people: Map<string, Claims>;
  /** Signs somebody in at the address to which the browser was sent; returns the address to which it is sent back. */
  logIn(address: string, login: string): Promise<URL>;
  /** As logIn, for somebody who thinks better of it. */
  decline(address: string): Promise<URL>;
  close(): Promise<void>;
}

export async function startTestProvider(callback: string): Promise<TestProvider> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const people = new Map<string, Claims>();
  const client = { client_id: "residual", client_secret: "the secret of this test", redirect_uris: [callback] };
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  });
  server.on("request", provider.callback());
  return {
    issuer,
    settings: {
      RESIDUAL_OIDC_ISSUER: issuer,
      RESIDUAL_OIDC_CLIENT_ID: client.client_id,
      RESIDUAL_OIDC_CLIENT_SECRET: client.client_secret,
      RESIDUAL_OIDC_NAME: "Example login",
    },
    people,
    async logIn(address, login) {
      const browser = new Browser();
      let page = await browser.goTo(address, callback);
      // It asks who it is, and then whether that is all right.
      page = await browser.goTo(page.href, callback, { prompt: "login", login, password: "any" });
      return browser.goTo(page.href, callback, { prompt: "consent" });
    },
    async decline(address) {
      const browser = new Browser();
      const page = await browser.goTo(address, callback);
      return browser.goTo(`${page.href}/abort`, callback);
    },
    close: () => closed(server),
  };
}

/** Follows redirects with cookies, as far as `callback`. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async goTo(address: string, callback: string, form?: Record<string, string>): Promise<URL> {
    let url = new URL(address);
    let body = form && new URLSearchParams(form);
    while (!url.href.startsWith(callback)) {
      const response = await fetch(url, {
        method: body ? "POST" : "GET",
        ...(body && { body }),
        redirect: "manual",
        headers: { cookie: [...this.#cookies].map((pair) => pair.join("=")).join("; ") },
      });
      body = undefined;
      for (const cookie of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
        this.#cookies.set(name!, value!);
      }
      const next = response.headers.get("location");
      if (!next) {
        if (!response.ok) throw new Error(`The provider says ${response.status}: ${await response.text()}`);
        return url;
      }
      url = new URL(next, url);
    }
    return url;
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
