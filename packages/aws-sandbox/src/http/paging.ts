// Opaque NextTokens. A token names the last item that was given, not an offset, so that items which come or go between two pages
// neither repeat nor hide others; it is bound to its query, and one that we did not make is refused.
import { createHmac } from "node:crypto";
import { equalInConstantTime } from "./verify-request.ts";

/** AWS allows more; ours are short, and a longer one is not ours. */
const TOKEN_CHARS_MAX = 2_048;

export interface PageRequest<Item> {
  /** Ascending by `keyOf`. */
  items: readonly Item[];
  /** Which of them are listed; asked of those on this page only. Default: all. */
  fits?(item: Item): boolean;
  keyOf(item: Item): string;
  itemsMax: number;
  nextToken: string | undefined;
  /** All that decides which items there are: operation, account, region, filters. */
  query: readonly unknown[];
}

export interface Page<Item> {
  items: readonly Item[];
  nextToken?: string;
}

export class Pager {
  readonly #key: Uint8Array;

  /** @param key random per start: tokens do not outlive the sandbox */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Costs as much as the page is long, however many items there are. @returns undefined when the token is not one of ours for this query */
  page<Item>({ items, fits, keyOf, itemsMax, nextToken, query }: PageRequest<Item>): Page<Item> | undefined {
    let next = 0;
    if (nextToken !== undefined) {
      const after = this.#open(nextToken, query);
      if (after === undefined) return undefined;
      next = firstBeyond(items, keyOf, after);
    }
    const page: Item[] = [];
    for (; next < items.length; next++) {
      const item = items[next] as Item;
      if (fits?.(item) === false) continue;
      const last = page.at(-1);
      // this one is for the next page: there is one
      if (page.length === itemsMax && last !== undefined)
        return { items: page, nextToken: this.#seal(keyOf(last), query) };
      page.push(item);
    }
    return { items: page };
  }

  #seal(lastKey: string, query: readonly unknown[]): string {
    return `${Buffer.from(lastKey).toString("base64url")}.${this.#mac(lastKey, query)}`;
  }

  #open(token: string, query: readonly unknown[]): string | undefined {
    if (token.length > TOKEN_CHARS_MAX) return undefined;
    const dot = token.indexOf(".");
    if (dot < 0) return undefined;
    const lastKey = Buffer.from(token.slice(0, dot), "base64url").toString();
    return equalInConstantTime(token.slice(dot + 1), this.#mac(lastKey, query)) ? lastKey : undefined;
  }

  #mac(lastKey: string, query: readonly unknown[]): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([lastKey, query]))
      .digest("base64url");
  }
}

/** @returns the index of the first item whose key is greater, or their number */
function firstBeyond<Item>(items: readonly Item[], keyOf: (item: Item) => string, key: string): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keyOf(items[middle] as Item) > key) to = middle;
    else from = middle + 1;
  }
  return from;
}
