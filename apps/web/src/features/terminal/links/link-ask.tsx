/** A link whose text says something else than where it goes is followed only on the person's word. */
import { useRef } from "react";
import { Button } from "../../../ui/button.tsx";
import { Ask } from "../../../ui/dialog.tsx";
import type { LinkTarget } from "./terminal-links.ts";

interface Props {
  link: LinkTarget;
  onAnswer(open: boolean): void;
  onClosed(): void;
}

export function LinkAsk({ link, onAnswer, onClosed }: Props) {
  const open = useRef<HTMLButtonElement>(null);
  const { host } = new URL(link.uri);
  return (
    <Ask
      open
      title={`Open ${host}?`}
      first={open}
      onCancel={() => onAnswer(false)}
      onClosed={onClosed}
      actions={
        <Button ref={open} variant="primary" onClick={() => onAnswer(true)}>
          Open
        </Button>
      }
    >
      <p>
        The link reads <b className="wrap-anywhere">{link.text.trim() || "(nothing)"}</b> and goes to
      </p>
      <p className="mono wrap-anywhere">{link.uri}</p>
    </Ask>
  );
}
