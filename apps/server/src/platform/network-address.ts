import { isIP, isIPv4, isIPv6 } from "node:net";

/** Addresses as text: what is loopback, what a setting may name. Pure. */
export interface ListenAddress {
  host: string;
  /** 0: any free port. */
  port: number;
}

/** `host:port`, `[ipv6]:port`; undefined when it is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, ipv6, name, digits] = match;
  const port = Number(digits);
  if (port > 65_535 || (ipv6 !== undefined && !isIPv6(ipv6))) return undefined;
  return { host: (ipv6 ?? name ?? "").toLowerCase(), port };
}

/** localhost, 127.0.0.0/8 and ::1. A name that merely resolves there is not. Accepts the brackets of a URL's host. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare === "::1" || (isIPv4(bare) && bare.startsWith("127."));
}

/** How an address is written in a URL or Host header. */
export function urlHost(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

/** One address, or a network in CIDR notation whose prefix is not 0: trusting everybody is a mistake. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[0-9]{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (family === 4 ? 32 : 128);
}
