/**
 * Which addresses bypass the proxy. Pure. The forms of `NO_PROXY` that are understood, separated by commas or blanks:
 * `*` (everything) · `host` or `10.0.0.5` (exactly this name or address) · `.example.com` or `*.example.com` (every name
 * below it) · `example.com` also matches every name below it, as curl does · any of them with `:port`.
 * Address ranges (CIDR) are not understood, as in curl before 7.86: name the addresses.
 */

/** More entries than this are ignored: the list is read once per outbound connection. */
export const NO_PROXY_ENTRIES_MAX = 1_000;

export type NoProxyRule = (host: string, port: number) => boolean;

/** @param value the text of NO_PROXY; undefined or empty: nothing bypasses the proxy. */
export function parseNoProxy(value: string | undefined): NoProxyRule {
  const entries = (value ?? "")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .slice(0, NO_PROXY_ENTRIES_MAX)
    .map(parseEntry);
  return (host, port) => entries.some((entry) => matches(entry, withoutBrackets(host.toLowerCase()), port));
}

interface NoProxyEntry {
  name: string;
  port: number | undefined;
  /** false: `.example.com`, which does not match example.com itself. */
  includesItself: boolean;
}

function parseEntry(text: string): NoProxyEntry {
  const lower = text.toLowerCase();
  const withPort = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(lower);
  const name = withoutBrackets(withPort?.[1] ?? lower);
  const port = withPort?.[2] === undefined ? undefined : Number(withPort[2]);
  if (name === "*") return { name, port, includesItself: true };
  const bare = name.replace(/^\*?\.+/, "");
  return { name: bare, port, includesItself: bare === name };
}

function matches(entry: NoProxyEntry, host: string, port: number): boolean {
  if (entry.port !== undefined && entry.port !== port) return false;
  if (entry.name === "*") return true;
  return (entry.includesItself && host === entry.name) || (entry.name !== "" && host.endsWith(`.${entry.name}`));
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
