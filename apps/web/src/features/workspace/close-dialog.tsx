import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import type { Asking } from "./pane-closing.ts";

interface Props {
  asking: Asking;
  onAnswer(close: boolean): void;
  /** It is gone, and the keyboard may go home. */
  onClosed(): void;
}

/** Closing would interrupt a program or somebody who watches: the person decides (DESIGN §5). */
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

/** Names said; more people are counted. */
const WATCHERS_NAMED_MAX = 3;

function whyAsked({ fullScreen, running, watchers, shells }: Asking): string {
  const others = watchers.length - WATCHERS_NAMED_MAX;
  const named = watchers.slice(0, WATCHERS_NAMED_MAX).join(", ");
  const watched =
    watchers.length === 0
      ? ""
      : `${named}${others > 0 ? ` and ${others} more` : ""} ${watchers.length === 1 ? "watches" : "watch"} it.`;
  const ends = shells > 1 ? `All ${shells} shells of the tab end.` : "The shell ends with it.";
  return [busyWords(fullScreen, running), watched, ends].filter(Boolean).join(" ");
}

/** @returns "" where nothing runs */
function busyWords(fullScreen: readonly string[], running: readonly string[]): string {
  const [place] = [...fullScreen, ...running];
  const count = fullScreen.length + running.length;
  if (count === 0) return "";
  const words =
    count > 1
      ? fullScreen.length > 0
        ? "Programs are open"
        : "Commands run"
      : fullScreen.length > 0
        ? "A full-screen program is open"
        : "A command runs";
  return count > 1 ? `${words} in ${count} panes.` : `${words} on ${place}.`;
}
