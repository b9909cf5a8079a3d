/** Whoever runs the server: a user from the first migration on, who signs in by the address that it prints. */
export const operatorId = `usr_${"0".repeat(32)}`;

export function sessionPrincipal(sessionId: string): string {
  return `session:${sessionId}`;
}

export function apiKeyPrincipal(keyId: string): string {
  return `key:${keyId}`;
}
