import { useEffect, useState } from "react";

/** How long "Copied" stands. */
const COPIED_MS = 1_200;

/** @returns whether `text` was copied a moment ago, and what copies it. Without permission nothing changes: the text stands on the page, too. */
export function useCopied(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return [copied, copy];
}
