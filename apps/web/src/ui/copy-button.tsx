import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { COPIED_MS } from "./evidence.tsx";

/** A button that copies a text and says so for a moment. Without permission nothing changes: the text stands on the page, too. */
export function CopyButton({ label, text, size = "md" }: { label: string; text: string; size?: "sm" | "md" }) {
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
  return (
    <Button size={size} icon={copied ? "check" : "copy"} onClick={copy}>
      {copied ? "Copied" : label}
    </Button>
  );
}
