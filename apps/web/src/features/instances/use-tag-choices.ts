import { useEffect, useState } from "react";
import { inSteps } from "./in-steps.ts";
import type { IndexedInstance } from "./instance-index.ts";
import { type TagChoice, tagChoicesInSteps } from "./tag-choices.ts";

const NO_CHOICES: readonly TagChoice[] = [];

/** What the "Tag" menu offers of the list: some turns after the rows are drawn, as nobody opens that menu in the same moment. */
export function useTagChoices(index: readonly IndexedInstance[]): readonly TagChoice[] {
  const [choices, setChoices] = useState(NO_CHOICES);
  useEffect(
    () =>
      inSteps(tagChoicesInSteps(index), (found) =>
        // a list that grows offers the same for long: then nothing is drawn
        setChoices((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found)),
      ),
    [index],
  );
  return choices;
}
