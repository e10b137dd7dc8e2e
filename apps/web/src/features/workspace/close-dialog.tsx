import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import type { Asking } from "./pane-closing.ts";

interface Props {
  asking: Asking;
  onAnswer(close: boolean): void;
  /** It is gone, and the keyboard may go home. */
  onClosed(): void;
}

/** Closing would interrupt a program: the person decides (DESIGN §5). */
export function CloseDialog({ asking, onAnswer, onClosed }: Props) {
  const { name, what } = asking;
  return (
    <Ask
      open
      title={`Close ${name}?`}
      onClosed={onClosed}
      onCancel={() => onAnswer(false)}
      actions={
        <Button variant="danger" onClick={() => onAnswer(true)}>
          {"tabKey" in what ? "Close tab" : "Close pane"}
        </Button>
      }
    >
      <p>{whyAsked(asking)}</p>
    </Ask>
  );
}

function whyAsked({ fullScreen, running }: Asking): string {
  const [place] = [...fullScreen, ...running];
  const count = fullScreen.length + running.length;
  if (count > 1)
    return `${fullScreen.length > 0 ? "Programs are open" : "Commands run"} in ${count} panes. Their shells end with the tab.`;
  return `${fullScreen.length > 0 ? "A full-screen program is open" : "A command runs"} on ${place}. Its shell ends with the pane.`;
}
