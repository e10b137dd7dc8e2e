import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";

/** How long the answer stands on the button, in milliseconds. */
const SAID_MS = 2_000;

interface Props {
  label: string;
  text: string;
  primary?: boolean;
}

/** Copies, and says on itself whether that worked. */
export function CopyButton({ label, text, primary = false }: Props) {
  const [said, setSaid] = useState<"Copied" | "Not allowed">();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    // without permission the text is still there to select by hand
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
      .then(
        () => setSaid("Copied"),
        () => setSaid("Not allowed"),
      );
  };
  return (
    <Button variant={primary ? "primary" : "plain"} icon={said === "Copied" ? "check" : "copy"} onClick={copy}>
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  );
}
