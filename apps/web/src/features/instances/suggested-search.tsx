import { useDeferredValue, useMemo } from "react";
import { Button } from "../../ui/button.tsx";
import { suggestFilter } from "./filter-suggestion.ts";
import { type Filter, NO_FILTER } from "./instance-filter.ts";
import type { IndexedInstance } from "./instance-index.ts";

interface Props {
  typed: Filter;
  index: readonly IndexedInstance[];
  onSearch(text: string): void;
}

/** What was perhaps meant by a filter without a hit; nothing where nothing is near. */
export function SuggestedSearch({ typed, index, onSearch }: Props) {
  // after the key was drawn: looking for what was meant takes longer than looking for what was typed
  const drawn = useDeferredValue(typed, NO_FILTER);
  const suggestion = useMemo(() => suggestFilter(drawn, index), [drawn, index]);
  return suggestion && <Button onClick={() => onSearch(suggestion)}>Search “{suggestion}”</Button>;
}
