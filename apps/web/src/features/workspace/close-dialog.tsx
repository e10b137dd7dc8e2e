import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import type { Asking } from "./pane-closing.ts";

/** Closing would interrupt a full-screen program: the person decides (DESIGN §5). */
export function CloseDialog({ asking, onAnswer }: { asking: Asking; onAnswer(close: boolean): void }) {
  const { name, fullScreen, what } = asking;
  return (
    <Ask
      open
      title={`Close ${name}?`}
      onCancel={() => onAnswer(false)}
      actions={
        <Button variant="danger" onClick={() => onAnswer(true)}>
          {"tabKey" in what ? "Close tab" : "Close pane"}
        </Button>
      }
    >
      <p>
        {fullScreen.length === 1
          ? `A full-screen program is open on ${fullScreen[0]}. Its shell ends with the pane.`
          : `Full-screen programs are open in ${fullScreen.length} panes. Their shells end with the tab.`}
      </p>
    </Ask>
  );
}
