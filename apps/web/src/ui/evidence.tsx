import { IconButton } from "./button.tsx";
import { useCopied } from "./use-copied.ts";

/** Codes and ids in small mono, never cut, with a way to copy. Renders nothing for an empty text. */
export function Evidence({ text }: { text: string }) {
  const [copied, copy] = useCopied(text);
  if (text === "") return null;
  return (
    <span className="evidence">
      <span>{text}</span>
      <IconButton icon={copied ? "check" : "copy"} label={copied ? "Copied" : "Copy details"} onClick={copy} />
    </span>
  );
}
