import type { Config } from "../config.ts";
import { isLoopbackHost, urlHost } from "../network-address.ts";

/** Where people open the console, and which Host and Origin headers are therefore ours. */
export interface PublicAddress {
  /** Without a trailing slash. */
  origin: string;
  secure: boolean;
  /** The port people see; 443 or 80 when the address names none. */
  port: number;
  /** Allowed values of Host, as a browser sends them, each with its origin. */
  originByHost: ReadonlyMap<string, string>;
}

/** @param boundPort what the server listens on; configured 0 becomes known only then */
export function publicAddressOf(
  config: Pick<Config, "publicUrl" | "listen" | "tls">,
  boundPort: number,
): PublicAddress {
  const scheme = config.tls === undefined ? "http" : "https";
  const host = isLoopbackHost(config.listen.host) ? urlHost(config.listen.host) : "127.0.0.1";
  const url = new URL(config.publicUrl ?? `${scheme}://${host}:${boundPort}`);
  const secure = url.protocol === "https:";
  const originByHost = new Map([[url.host, url.origin]]);
  const suffix = url.port === "" ? "" : `:${url.port}`;
  // The three ways to write this machine are one place to its person; none of them can be rebound by DNS.
  if (isLoopbackHost(url.hostname))
    for (const name of ["localhost", "127.0.0.1", "[::1]"])
      originByHost.set(`${name}${suffix}`, `${url.protocol}//${name}${suffix}`);
  return { origin: url.origin, secure, port: Number(url.port || (secure ? 443 : 80)), originByHost };
}
