import { CatalogError } from "../../platform/catalog-error.ts";

/**
 * The address of a data channel is used as AWS gives it, but a shell never travels in clear over a network:
 * `wss://`, or `ws://` to this machine (an emulated AWS).
 * @throws CatalogError STREAM_URL_REFUSED
 */
export function checkedStreamUrl(streamUrl: string): URL {
  if (!URL.canParse(streamUrl)) throw new CatalogError("STREAM_URL_REFUSED");
  const url = new URL(streamUrl);
  const safe = url.protocol === "wss:" || (url.protocol === "ws:" && isLoopback(url.hostname));
  if (!safe || url.username !== "" || url.password !== "") throw new CatalogError("STREAM_URL_REFUSED");
  return url;
}

/** Loopback addresses are compared as the URL parser writes them (127.1 and 0x7f.1 become 127.0.0.1). */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
