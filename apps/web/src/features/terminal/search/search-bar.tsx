/** The bar over a terminal in which one looks for text. */
import "./search-bar.css";
import { useEffect, useId, useRef, useState } from "react";
import { IconButton } from "../../../ui/button.tsx";
import type { SearchQuery } from "./pattern.ts";
import type { SearchResult, TerminalSearch } from "./terminal-search.ts";

interface Props {
  search: Pick<TerminalSearch, "begin" | "find">;
  instanceName: string;
  /** What is looked for at first: the selected text. */
  initialText: string;
  /** Grows with each wish to search: the field takes the keyboard again. */
  asked: number;
  onClose(): void;
}

export function SearchBar({ search, instanceName, initialText, asked, onClose }: Props) {
  const [query, setQuery] = useState<SearchQuery>({ text: initialText, isRegex: false, isCaseSensitive: false });
  const [result, setResult] = useState<SearchResult>({ kind: "none" });
  const field = useRef<HTMLInputElement>(null);
  const statusId = useId();
  useEffect(() => search.begin(setResult), [search]);
  useEffect(() => search.find(query, "as-typed"), [search, query]);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  const change = (part: Partial<SearchQuery>): void => {
    setQuery({ ...query, ...part });
    field.current?.focus();
  };
  return (
    <search
      className="search-bar"
      aria-label={`Find in ${instanceName}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <span className="field">
        <input
          ref={field}
          aria-label="Find in terminal"
          aria-invalid={result.kind === "invalid"}
          aria-describedby={statusId}
          placeholder="Find"
          spellCheck={false}
          autoComplete="off"
          value={query.text}
          onChange={(event) => setQuery({ ...query, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            search.find(query, event.shiftKey ? "newer" : "older");
          }}
        />
      </span>
      <Toggle
        label="Match case"
        text="Aa"
        isOn={query.isCaseSensitive}
        onToggle={() => change({ isCaseSensitive: !query.isCaseSensitive })}
      />
      <Toggle
        label="Regular expression"
        text=".*"
        isOn={query.isRegex}
        onToggle={() => change({ isRegex: !query.isRegex })}
      />
      <span id={statusId} className="search-count num" role="status">
        {resultWords(query, result)}
      </span>
      <IconButton icon="up" label="Older match (Enter)" onClick={() => search.find(query, "older")} />
      <IconButton icon="down" label="Newer match (Shift+Enter)" onClick={() => search.find(query, "newer")} />
      <IconButton icon="close" label="Close find (Esc)" onClick={onClose} />
    </search>
  );
}

function Toggle(props: { label: string; text: string; isOn: boolean; onToggle(): void }) {
  const { label, text, isOn, onToggle } = props;
  return (
    <button
      type="button"
      className="search-toggle mono"
      title={label}
      aria-label={label}
      aria-pressed={isOn}
      onClick={onToggle}
    >
      {text}
    </button>
  );
}

export function resultWords({ text }: Pick<SearchQuery, "text">, result: SearchResult): string {
  if (text === "") return "";
  if (result.kind === "invalid") return "Not a pattern";
  if (result.kind === "slow") return "This pattern takes too long";
  if (result.kind === "unavailable") return "Find could not be loaded";
  if (result.kind === "none") return "No match";
  const count = `${result.count.toLocaleString("en")}${result.hasMore ? "+" : ""}`;
  return `${(result.index + 1).toLocaleString("en")} of ${count}`;
}
