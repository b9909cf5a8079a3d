/**
 * The path to go on to after signing in. Only a path of this site is accepted: one slash followed by neither slash nor backslash,
 * which browsers would read as another host.
 */
export function safeReturnPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])[^\s\\]*$/.test(path) && !path.startsWith("/sign-in") ? path : "/";
}

/** Leaves for the sign-in page, which comes back here. Does nothing where no session is needed. */
export function goToSignIn(): void {
  const { pathname, search } = window.location;
  if (isPublicPath(pathname)) return;
  window.location.replace(`/sign-in?return=${encodeURIComponent(pathname + search)}`);
}

/** Pages that work without a session: signing in, an invite, and what somebody shared. */
export function isPublicPath(pathname: string): boolean {
  return pathname === "/sign-in" || ["/s/", "/embed/", "/join/"].some((start) => pathname.startsWith(start));
}
