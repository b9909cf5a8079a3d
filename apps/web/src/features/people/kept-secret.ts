/**
 * The secret of an invite while its holder is at the OpenID Connect provider: in this tab alone, until they come back. In the address it would
 * be in logs.
 */
export function keepSecret(invite: string, secret: string): void {
  window.sessionStorage.setItem(nameOf(invite), secret);
}

/** What was kept for an invite, once; empty where nothing was. */
export function takeKeptSecret(invite: string): string {
  const secret = window.sessionStorage.getItem(nameOf(invite)) ?? "";
  window.sessionStorage.removeItem(nameOf(invite));
  return secret;
}

function nameOf(invite: string): string {
  return `residual.invite.${invite}`;
}
