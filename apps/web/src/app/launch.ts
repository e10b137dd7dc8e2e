/**
 * The printed link carries a one-time secret in its fragment (architecture §2). It is taken out of the address bar and of
 * the history entry before anything else runs, so that neither a bookmark, a screenshot nor the back button shows it.
 */
const SECRET = /^#([A-Za-z0-9_-]{20,200})$/;

/** @returns the secret, or undefined when this page was not opened by a printed link */
export function takeLaunchSecret(
  location: Pick<Location, "hash" | "pathname" | "search">,
  history: Pick<History, "replaceState">,
): string | undefined {
  const secret = SECRET.exec(location.hash)?.[1];
  if (secret !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return secret;
}
