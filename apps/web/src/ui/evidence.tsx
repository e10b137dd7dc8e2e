import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";

/** How long "Copied" stands. */
export const COPIED_MS = 1_200;

/** Codes and ids in small mono, never cut, with a way to copy. Renders nothing for an empty text. */
export function Evidence({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  if (text === "") return null;
  const copy = (): void => {
    // without permission the text is still there to select by hand
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <span className="evidence">
      <span>{text}</span>
      <IconButton icon={copied ? "check" : "copy"} label={copied ? "Copied" : "Copy details"} onClick={copy} />
    </span>
  );
}
