import { isLoopbackHost } from "./network-address.ts";

/** Longest start URL, in characters; AWS's own are below 100. */
export const START_URL_CHARACTERS_MAX = 256;

/** The same address, however it was written: no slash or fragment at the end, host in lower case. */
export function normalStartUrl(text: string): string | undefined {
  if (text.length > START_URL_CHARACTERS_MAX || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  if (url.username !== "" || url.password !== "" || url.search !== "") return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** `<region> <start URL>` of the configuration; https, but for an emulated AWS on this machine. */
export function parseStartPlace(text: string): { region: string; startUrl: string } | undefined {
  const [region = "", address = "", ...rest] = text.trim().split(/\s+/);
  const startUrl = normalStartUrl(address);
  if (rest.length > 0 || startUrl === undefined || !/^[a-z]{2}(-[a-z]{2,12}){1,2}-[0-9]{1,2}$/.test(region))
    return undefined;
  const { protocol, hostname } = new URL(startUrl);
  return protocol === "https:" || isLoopbackHost(hostname) ? { region, startUrl } : undefined;
}
