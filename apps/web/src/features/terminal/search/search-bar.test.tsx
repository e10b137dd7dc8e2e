// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { SearchQuery } from "./pattern.ts";
import { resultWords, SearchBar } from "./search-bar.tsx";
import type { SearchResult } from "./terminal-search.ts";

afterEach(cleanup);

class FakeSearch {
  readonly asked: [SearchQuery, string][] = [];
  tell: (result: SearchResult) => void = () => undefined;
  isBegun = false;
  begin(onResult: (result: SearchResult) => void): () => void {
    this.tell = onResult;
    this.isBegun = true;
    return () => {
      this.isBegun = false;
    };
  }
  find(query: SearchQuery, step: string): void {
    this.asked.push([query, step]);
  }
}

function show(initialText = "") {
  const search = new FakeSearch();
  const onClose = vi.fn();
  const bar = (asked: number) => (
    <SearchBar search={search} instanceName="web-1" initialText={initialText} asked={asked} onClose={onClose} />
  );
  const { rerender, unmount } = render(bar(1));
  const field = screen.getByRole("textbox", { name: "Find in terminal" });
  return { search, onClose, field, again: () => rerender(bar(2)), unmount };
}

const query = (text: string, flags: Partial<SearchQuery> = {}): SearchQuery => ({
  text,
  isRegex: false,
  isCaseSensitive: false,
  ...flags,
});

test("finds while one types, goes to older matches with Enter and to newer ones with Shift+Enter", () => {
  const { search, field } = show();
  fireEvent.change(field, { target: { value: "error" } });
  fireEvent.keyDown(field, { key: "Enter" });
  fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  expect(search.asked.slice(1)).toEqual([
    [query("error"), "as-typed"],
    [query("error"), "older"],
    [query("error"), "newer"],
  ]);
});

test("begins with what is selected, has the keyboard, and takes it again when asked again", () => {
  const { search, field, again } = show("kernel");
  expect(document.activeElement).toBe(field);
  expect(search.asked[0]).toEqual([query("kernel"), "as-typed"]);
  field.blur();
  again();
  expect(document.activeElement).toBe(field);
});

test("case and pattern can be chosen, and the count is said", () => {
  const { search } = show("a");
  fireEvent.click(screen.getByRole("button", { name: "Match case" }));
  fireEvent.click(screen.getByRole("button", { name: "Regular expression" }));
  expect(search.asked.at(-1)).toEqual([query("a", { isRegex: true, isCaseSensitive: true }), "as-typed"]);
  expect(screen.getByRole("button", { name: "Match case" }).getAttribute("aria-pressed")).toBe("true");
  act(() => search.tell({ kind: "found", index: 2, count: 14, hasMore: false }));
  expect(screen.getByRole("status").textContent).toBe("3 of 14");
});

test("Escape closes, and the marks go with the bar", () => {
  const { search, field, onClose, unmount } = show("a");
  fireEvent.keyDown(field, { key: "Escape" });
  expect(onClose).toHaveBeenCalledTimes(1);
  unmount();
  expect(search.isBegun).toBe(false);
});

test("what was found is said exactly, and more than is counted as more", () => {
  const words = (result: SearchResult): string => resultWords({ text: "a" }, result);
  expect(words({ kind: "none" })).toBe("No match");
  expect(words({ kind: "invalid" })).toBe("Not a pattern");
  expect(words({ kind: "slow" })).toBe("This pattern takes too long");
  expect(words({ kind: "unavailable" })).toBe("Find could not be loaded");
  expect(words({ kind: "found", index: 999, count: 1000, hasMore: true })).toBe("1,000 of 1,000+");
  expect(resultWords({ text: "" }, { kind: "none" })).toBe("");
});
