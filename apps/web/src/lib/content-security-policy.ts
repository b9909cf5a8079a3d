/**
 * framedBy: the sites whose pages may show this one in a frame. Scripts run only with the nonce of the answer that brought them, and what such a script loads; data comes from here only. Elements that say how they look in an attribute may (bars, charts, panels): an attribute of an element that is already
 * on the page loads nothing and runs nothing.
 */
export function contentSecurityPolicy(nonce: string, framedBy: readonly string[] = []): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framedBy.length === 0 ? "'none'" : framedBy.join(" ")}`,
  ].join("; ");
}

/** The header by which a page's layout learns its nonce. */
export const nonceHeader = "x-nonce";
