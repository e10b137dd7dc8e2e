// Keeps web pages out. The sandbox gives out shells on loopback, where any page in any browser of this machine can send requests:
// a name that was rebound to 127.0.0.1 shows in Host, a page of another origin shows in Origin or Sec-Fetch-Site.

/** Where requests may be addressed to. */
export interface ListeningAddress {
  host: string;
  /** The one that is listened on. */
  port: number;
  /** Ports of loopback whose traffic a proxy of the person's own brings here. */
  proxyPorts?: readonly number[];
  /** TLS is spoken there. Default: it is not. */
  isSecure?: boolean;
  /** Names of AWS by which clients come as well, where the person lets them lead to loopback: no page can be under those. */
  awsNames?: readonly string[];
}

/** @returns why the request is refused, or undefined. Pure. */
export function refusalForBrowser(
  headers: ReadonlyMap<string, readonly string[]>,
  listening: ListeningAddress,
): string | undefined {
  const host = headers.get("host");
  if (host?.length !== 1 || !allowedHosts(listening).includes((host[0] as string).toLowerCase()))
    return "the Host header is not this sandbox's loopback address";
  if (headers.has("origin") || headers.has("sec-fetch-site")) return "requests from web pages are refused";
  return undefined;
}

/**
 * For the one page that people open: a browser may come by itself or by a link, and send what this very page asked for.
 * @returns why the request is refused, or undefined. Pure.
 */
export function refusalForPage(
  method: string,
  headers: ReadonlyMap<string, readonly string[]>,
  listening: ListeningAddress,
): string | undefined {
  const [host = ""] = headers.get("host") ?? [];
  if (headers.get("host")?.length !== 1 || !allowedHosts(listening).includes(host.toLowerCase()))
    return "the Host header is not this sandbox's loopback address";
  if (method === "GET") {
    const mode = headers.get("sec-fetch-mode");
    return mode === undefined || mode[0] === "navigate" ? undefined : "this page is opened, not read by other pages";
  }
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const isOwn =
    (origin === undefined || origin[0] === `${listening.isSecure ? "https" : "http"}://${host}`) &&
    (site === undefined || site[0] === "same-origin");
  return isOwn ? undefined : "forms of other pages are refused";
}

/** Only loopback may be listened on: localhost, 127.0.0.0/8, ::1. @returns the address to bind, or undefined */
export function loopbackAddress(host: string): string | undefined {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (name === "localhost") return "127.0.0.1"; // the name itself could resolve to anything
  if (name === "::1") return name;
  const octets = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name);
  return octets?.slice(1).every((octet) => Number(octet) <= 255) ? name : undefined;
}

/** `[::1]` and the like, for a URL. */
export const urlHost = (address: string): string => (address.includes(":") ? `[${address}]` : address);

function allowedHosts({ host, port, proxyPorts = [], isSecure, awsNames = [] }: ListeningAddress): string[] {
  const names = ["localhost", "127.0.0.1", "[::1]", urlHost(host)];
  const usual = isSecure ? 443 : 80;
  // A client leaves the port out when it is the scheme's own.
  const own = [port, ...proxyPorts].flatMap((each) =>
    names.flatMap((name) => (each === usual ? [name, `${name}:${usual}`] : [`${name}:${each}`])),
  );
  // Who comes by a name of AWS means AWS's port, wherever a hosts file or a proxy led the connection.
  return [...own, ...awsNames.flatMap((name) => [name, `${name}:${usual}`])];
}
