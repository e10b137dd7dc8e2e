import { Button } from "./button.tsx";
import { useCopied } from "./use-copied.ts";

/** A button that copies a text and says so for a moment. */
export function CopyButton({ label, text, size = "md" }: { label: string; text: string; size?: "sm" | "md" }) {
  const [copied, copy] = useCopied(text);
  return (
    <Button size={size} icon={copied ? "check" : "copy"} onClick={copy}>
      {copied ? "Copied" : label}
    </Button>
  );
}
