import * as oidc from "openid-client";

/** Somebody as the provider knows them. `verifiedEmail`: only where it says that the address is theirs. */
export interface Identity {
  issuer: string;
  subject: string;
  name: string;
  verifiedEmail: string | null;
}

/** What a browser keeps while it is at the provider: nobody else can end what it has begun. */
export interface PendingSignIn {
  state: string;
  nonce: string;
  verifier: string;
  /** The path to go on to afterwards. */
  returnPath: string;
}

/**
 * Why somebody came back without being signed in: the provider does not answer, what they bring belongs to no sign-in that this browser has begun
 * (or it was used already), they declined, or the provider's answer is not one that counts.
 */
export type SignInProblem = "away" | "stale" | "declined" | "refused";

/** The message is for the log: it holds no code and no token. */
export class SignInFailed extends Error {
  constructor(
    readonly problem: SignInProblem,
    cause?: unknown,
  ) {
    super(cause instanceof Error ? describe(cause) : problem, { cause });
    this.name = "SignInFailed";
  }
}

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** Where the provider sends people back to; it has to know it. */
  callback: URL;
}

const timeoutSeconds = 5;

/** An OpenID Connect provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1). */
export class IdentityProvider {
  #configuration: Promise<oidc.Configuration> | undefined;

  constructor(private readonly settings: ProviderSettings) {}

  /** The address at the provider to send a browser to, and what it has to keep until it comes back. Throws SignInFailed. */
  begin(returnPath: string): Promise<{ url: URL; pending: PendingSignIn }> {
    return failing(async () => {
      const configuration = await this.#discovered();
      const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: this.settings.callback.href,
        scope: "openid profile email",
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return { url, pending: { state, nonce, verifier, returnPath } };
    });
  }

  /** Who it is that comes back with this query in the address. Throws SignInFailed. */
  finish(query: string, pending: PendingSignIn): Promise<Identity> {
    const url = new URL(this.settings.callback);
    url.search = query;
    return failing(async () => {
      if (url.searchParams.get("state") !== pending.state) throw new SignInFailed("stale");
      const configuration = await this.#discovered();
      const tokens = await oidc.authorizationCodeGrant(configuration, url, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      });
      const { iss: issuer, sub: subject, ...inToken } = tokens.claims()!;
      // Many a provider tells the rest here only.
      const told = configuration.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(configuration, tokens.access_token, subject)
        : {};
      return { issuer, subject, ...described({ ...inToken, ...told }) };
    });
  }

  #discovered(): Promise<oidc.Configuration> {
    this.#configuration ??= this.#discover().catch((error: unknown) => {
      // The next one asks again.
      this.#configuration = undefined;
      throw error;
    });
    return this.#configuration;
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    // The environment takes http for this machine only.
    const overHttp = issuer.startsWith("http:") ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(
      new URL(issuer),
      clientId,
      clientSecret,
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      { timeout: timeoutSeconds, execute: [oidc.enableNonRepudiationChecks, ...overHttp] },
    );
  }
}

function described(claims: Record<string, unknown>): Pick<Identity, "name" | "verifiedEmail"> {
  const text = (name: string) => {
    const value = claims[name];
    return typeof value === "string" && value.trim() !== "" ? value : null;
  };
  const email = text("email");
  return {
    name: text("name") ?? text("preferred_username") ?? email ?? "",
    // Some write "true"; only the boolean counts.
    verifiedEmail: claims.email_verified === true ? email : null,
  };
}

async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SignInFailed ? error : new SignInFailed(problemOf(error), error);
  }
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === "access_denied") return "declined";
    return error.error === "server_error" || error.error === "temporarily_unavailable" ? "away" : "refused";
  }
  if (error instanceof oidc.ResponseBodyError) {
    if (error.status >= 500) return "away";
    return error.error === "invalid_grant" ? "stale" : "refused";
  }
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (cause instanceof Response) return cause.status >= 500 ? "away" : "refused";
  // fetch fails with a TypeError that has a cause where nobody answers.
  return code === "OAUTH_TIMEOUT" || (error instanceof TypeError && cause !== undefined) ? "away" : "refused";
}

function describe(error: Error): string {
  const { code, error: answer } = error as { code?: unknown; error?: unknown };
  return [error.message, code, answer].filter((part) => typeof part === "string").join(", ");
}
