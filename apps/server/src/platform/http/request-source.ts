import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { PublicAddress } from "./public-address.ts";

/** What a request says about where it comes from. */
export interface RequestSource {
  method: string;
  /** Host header, or the forwarded one of a trusted proxy. */
  host: string | undefined;
  /** https directly, or as a trusted proxy says. */
  secure: boolean;
  origin: string | undefined;
  secFetchSite: string | undefined;
  isUpgrade: boolean;
  /** /healthz and the like: asked by machines that know an address, not a name. */
  isOperations: boolean;
  /** `address:port` of our end of the connection. */
  localHost: string | undefined;
}

/**
 * Whether a request may go on. Host is checked always: a foreign name means DNS rebinding or a misconfigured proxy.
 * Whatever changes something, and every websocket, must come from a page of ours: exactly our Origin (missing, `null`
 * and look-alikes are foreign), and no browser that says the request crosses sites. Pure.
 */
export function refusalOf(source: RequestSource, address: PublicAddress): ErrorCode | undefined {
  if (source.isOperations && source.host !== undefined && source.host === source.localHost) return undefined;
  const origin = source.host === undefined ? undefined : address.originByHost.get(source.host);
  if (origin === undefined) return "HOST_NOT_ALLOWED";
  if (address.secure && !source.secure) return "TLS_REQUIRED";
  const changes = source.isUpgrade || (source.method !== "GET" && source.method !== "HEAD");
  if (!changes) return undefined;
  if (source.origin !== origin) return "ORIGIN_NOT_ALLOWED";
  if (source.secFetchSite !== undefined && source.secFetchSite !== "same-origin") return "ORIGIN_NOT_ALLOWED";
  return undefined;
}
