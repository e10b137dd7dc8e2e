/**
 * What became of each command, as a mark beside its prompt: a dot, a cross where its exit status was not 0, a ring while it
 * runs. Drawn beside the text and never in the emulator's buffer. The one that a person went to has a bar along its line.
 */
import type { IDecoration, Terminal } from "@xterm/xterm";
import type { MarkedCommand } from "./command-marks.ts";
import { commandWords } from "./command-words.ts";

export class CommandGutter {
  readonly #terminal: Terminal;
  readonly #drawn = new WeakMap<MarkedCommand, IDecoration>();
  #chosen: IDecoration | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** It began, or ended. A mark goes with its line. */
  show(command: MarkedCommand): void {
    const known = this.#drawn.get(command);
    if (known !== undefined && !known.isDisposed) {
      if (known.element) draw(known.element, command);
      return;
    }
    if (command.prompt.isDisposed) return;
    const decoration = this.#terminal.registerDecoration({ marker: command.prompt, width: 1 });
    if (decoration === undefined) return;
    this.#drawn.set(command, decoration);
    decoration.onRender((element) => draw(element, command));
  }

  /** The person went to this one; undefined: she went on. */
  choose(command: MarkedCommand | undefined): void {
    this.#chosen?.dispose();
    this.#chosen = command && this.#terminal.registerDecoration({ marker: command.prompt, width: this.#terminal.cols });
    this.#chosen?.onRender((element) => {
      element.className = "xterm-decoration chosen-command";
      element.style.width = "100%";
      element.setAttribute("aria-hidden", "true"); // said by the pane's live region
    });
  }
}

/** Called at every render: it writes only what changed. */
function draw(element: HTMLElement, command: MarkedCommand): void {
  const tone = command.state === "running" ? "running" : (command.exitCode ?? 0) === 0 ? "ended" : "failed";
  const wanted = `xterm-decoration command-mark ${tone}`;
  const words = commandWords(command);
  if (element.className === wanted && element.firstElementChild?.getAttribute("title") === words) return;
  element.className = wanted;
  element.setAttribute("aria-hidden", "true");
  const mark = document.createElement("span");
  mark.title = words;
  element.replaceChildren(mark);
}
