import type { IncomingMessage } from "node:http";

/**
 * Why a request is refused for where it comes from, or null. The Host must be this machine's loopback (else some name
 * was rebound to it) and the Origin, where a browser sends one, that of the dashboard: `webOrigin`, or its port under another name of this
 * machine. Another port is another program, to whose pages browsers hand the dashboard's cookies too. Without `webOrigin` any port will do.
 */
export function refusedOrigin(
  request: IncomingMessage,
  webOrigin: string | undefined,
): { status: 403 | 421; message: string } | null {
  const web = webOrigin ? new URL(webOrigin) : null;
  const host = hostName(`http://${request.headers.host ?? ""}`);
  if (!host || !(isLoopback(host) || host === web?.hostname)) {
    return {
      status: 421,
      message: `This server answers to 127.0.0.1 and localhost, not to ${JSON.stringify(request.headers.host ?? "")}.`,
    };
  }
  const origin = request.headers.origin;
  if (origin === undefined || origin === web?.origin) return null;
  if (URL.canParse(origin) && isOwnOrigin(new URL(origin), webOrigin)) return null;
  return {
    status: 403,
    message: `Pages of ${JSON.stringify(origin)} may not use this server; set RESIDUAL_WEB_ORIGIN to allow them.`,
  };
}

/** Whether an address is the dashboard's: `webOrigin`, or its port under another name of this machine. */
export function isOwnOrigin(address: URL, webOrigin: string | undefined): boolean {
  const web = webOrigin ? new URL(webOrigin) : null;
  return address.origin === web?.origin || (isLoopback(address.hostname) && (!web || address.port === web.port));
}

function hostName(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
