/** Finding text in a terminal, scrollback included: what is found is marked in place and beside the scrollbar. */
import { type ISearchOptions, SearchAddon } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";

/** Matches marked and counted; of more it is said that there are more. */
export const MATCHES_MAX = 1_000;

export interface SearchQuery {
  text: string;
  isRegex: boolean;
  isCaseSensitive: boolean;
}

export type SearchResult =
  | { kind: "none" }
  /** The pattern cannot be read. */
  | { kind: "invalid" }
  /** `index`: from 0 on; -1: beyond those that are counted. `hasMore`: MATCHES_MAX and more. */
  | { kind: "found"; index: number; count: number; hasMore: boolean };

export class TerminalSearch {
  readonly #terminal: Terminal;
  readonly #token: (name: string) => string;
  #addon: SearchAddon | undefined;
  #onResult: ((result: SearchResult) => void) | undefined;

  /** @param token value of a custom property of the design, as `#rrggbb` */
  constructor(terminal: Terminal, token: (name: string) => string) {
    this.#terminal = terminal;
    this.#token = token;
  }

  /** One at a time: told of every new count, also when output changes it. @returns leaves off, and takes the marks away */
  begin(onResult: (result: SearchResult) => void): () => void {
    this.#onResult = onResult;
    if (this.#addon === undefined) {
      this.#addon = new SearchAddon({ highlightLimit: MATCHES_MAX });
      this.#terminal.loadAddon(this.#addon);
      this.#addon.onDidChangeResults(({ resultIndex, resultCount }) =>
        this.#onResult?.(
          resultCount === 0
            ? { kind: "none" }
            : { kind: "found", index: resultIndex, count: resultCount, hasMore: resultCount >= MATCHES_MAX },
        ),
      );
    }
    return () => {
      if (this.#onResult !== onResult) return;
      this.#onResult = undefined;
      this.clear();
    };
  }

  /** @param step `as-typed` stays on the match that still fits */
  find(query: SearchQuery, step: "as-typed" | "older" | "newer"): void {
    if (query.text === "") {
      this.clear();
      this.#onResult?.({ kind: "none" });
      return;
    }
    if (query.isRegex && !isPattern(query.text)) {
      this.clear();
      this.#onResult?.({ kind: "invalid" });
      return;
    }
    const options = this.#options(query);
    if (step === "newer") this.#addon?.findNext(query.text, options);
    else this.#addon?.findPrevious(query.text, { ...options, incremental: step === "as-typed" });
  }

  clear(): void {
    this.#addon?.clearDecorations();
    this.#terminal.clearSelection();
  }

  #options({ isRegex, isCaseSensitive }: SearchQuery): ISearchOptions {
    const token = this.#token;
    return {
      regex: isRegex,
      caseSensitive: isCaseSensitive,
      decorations: {
        matchBackground: token("--amber-5"),
        matchOverviewRuler: token("--amber-8"),
        activeMatchBackground: token("--amber-8"),
        activeMatchColorOverviewRuler: token("--amber-11"),
      },
    };
  }
}

/** As the addon will make it: a pattern that it cannot make throws in its middle. */
function isPattern(text: string): boolean {
  try {
    new RegExp(text, "g");
    return true;
  } catch {
    return false;
  }
}
