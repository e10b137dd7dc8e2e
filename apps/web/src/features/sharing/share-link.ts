/**
 * The address of a shared terminal. Its secret stands in the fragment, which no browser sends; it is taken out of the address
 * bar and of the history entry before anything else runs, and lives in this page's memory until it was redeemed.
 */
const PATH = /^\/s\/([A-Za-z0-9_-]{1,200})\/?$/;
const FRAGMENT_CHARS_MAX = 200;

export interface TakenLink {
  shareId: string;
  secret: string;
}

export function shareLink(origin: string, shareId: string, secret: string): string {
  return `${origin}/s/${encodeURIComponent(shareId)}#${secret}`;
}

/** @returns link and secret, or undefined when this is not the address of a link with its secret */
export function takeShareSecret(
  location: Pick<Location, "hash" | "pathname">,
  history: Pick<History, "replaceState" | "state">,
): TakenLink | undefined {
  const shareId = PATH.exec(location.pathname)?.[1];
  if (shareId === undefined || location.hash.length < 2) return undefined;
  const secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  // longer than any: it is still taken from the address, and the server is asked nothing with it
  return secret.length > FRAGMENT_CHARS_MAX ? undefined : { shareId, secret };
}
