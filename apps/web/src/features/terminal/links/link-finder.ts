/** Addresses in the text of a terminal, and when a click on one must be asked about (DESIGN §6). Pure. */

export interface FoundLink {
  /** Index of its first character, and behind its last one. */
  start: number;
  end: number;
  uri: string;
}

/** Longest address that is a link, in characters. */
export const LINK_CHARS_MAX = 2_048;

const CANDIDATE = /\bhttps?:\/\/[^\s"'`<>{}|\\^\p{Cc}]+/giu;
/** What ends a sentence around an address, not the address. */
const TRAILING = /[.,;:!?…*_~]+$/u;
const BRACKETS: readonly [string, string][] = [
  ["(", ")"],
  ["[", "]"],
];

export function findLinks(text: string): FoundLink[] {
  const links: FoundLink[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const uri = trimEnd(match[0]);
    if (uri.length <= LINK_CHARS_MAX && webAddress(uri) !== undefined)
      links.push({ start: match.index, end: match.index + uri.length, uri });
  }
  return links;
}

/** @returns the address as a browser reads it; undefined: not http or https, or not an address */
export function webAddress(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, hostname, href } = new URL(uri);
  return (protocol === "http:" || protocol === "https:") && hostname !== "" ? href : undefined;
}

/** Does the text that is shown say where the link goes? With or without scheme and final slash. */
export function saysTarget(text: string, uri: string): boolean {
  const bare = (address: string): string => address.trim().replace(/\/$/, "");
  const shown = bare(text);
  return [uri, webAddress(uri) ?? uri].some((target) => {
    const whole = bare(target);
    return shown === whole || shown === whole.replace(/^https?:\/\//i, "");
  });
}

function trimEnd(candidate: string): string {
  let uri = candidate;
  for (;;) {
    const before = uri;
    uri = uri.replace(TRAILING, "");
    for (const [open, close] of BRACKETS)
      if (uri.endsWith(close) && count(uri, close) > count(uri, open)) uri = uri.slice(0, -1);
    if (uri === before) return uri;
  }
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
