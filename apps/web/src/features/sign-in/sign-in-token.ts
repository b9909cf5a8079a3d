/**
 * The token in what somebody pasted or opened: a whole sign-in link (`…/sign-in#token=…`), its fragment, or the bare token or API key.
 * null where there is none.
 */
export function signInToken(text: string): string | null {
  const trimmed = text.trim();
  const fragment = trimmed.includes("#") ? trimmed.slice(trimmed.indexOf("#") + 1) : trimmed;
  const token = fragment.includes("token=") ? new URLSearchParams(fragment).get("token") : fragment;
  return token && /^[\w.-]+$/.test(token) ? token : null;
}
