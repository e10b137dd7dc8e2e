// Opaque NextTokens. A token names the last item that was given, not an offset, so that items which come or go between two pages
// neither repeat nor hide others; it is bound to its query, and one that we did not make is refused.
import { createHmac } from "node:crypto";
import { equalInConstantTime } from "./verify-request.ts";

/** AWS allows more; ours are short, and a longer one is not ours. */
const TOKEN_CHARS_MAX = 2_048;

export interface PageRequest<Item> {
  /** Ascending by `keyOf`. */
  items: readonly Item[];
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

  /** @returns undefined when the token is not one of ours for this query */
  page<Item>({ items, keyOf, itemsMax, nextToken, query }: PageRequest<Item>): Page<Item> | undefined {
    let start = 0;
    if (nextToken !== undefined) {
      const after = this.#open(nextToken, query);
      if (after === undefined) return undefined;
      const index = items.findIndex((item) => keyOf(item) > after);
      start = index < 0 ? items.length : index;
    }
    const page = items.slice(start, start + itemsMax);
    const last = page.at(-1);
    if (last === undefined || start + itemsMax >= items.length) return { items: page };
    return { items: page, nextToken: this.#seal(keyOf(last), query) };
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
