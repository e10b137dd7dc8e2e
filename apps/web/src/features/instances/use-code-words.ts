/** Words for codes that the server sent alone: the error catalog is not in the first load, and comes when there is such a code. */
import { useEffect, useState } from "react";
import type { WordsOf } from "./source-notes.ts";

/** @returns undefined until the catalog is there; where it cannot be had, no code has words */
export function useCodeWords(isWanted: boolean): WordsOf | undefined {
  const [found, setFound] = useState<{ wordsOf: WordsOf }>();
  const isDue = isWanted && found === undefined;
  useEffect(() => {
    if (!isDue) return;
    let isLeft = false;
    void loadWords().then((wordsOf) => {
      if (!isLeft) setFound({ wordsOf });
    });
    return () => {
      isLeft = true;
    };
  }, [isDue]);
  return found?.wordsOf;
}

async function loadWords(): Promise<WordsOf> {
  try {
    const { ERROR_CATALOG, isErrorCode } = await import("@causeway/wire-contract/error-catalog");
    return (code) => (isErrorCode(code) ? ERROR_CATALOG[code] : undefined);
  } catch {
    return () => undefined;
  }
}
