/**
 * "Back after 11 s, nothing lost", as an overlay anchored to the line where the gap began (DESIGN §8). It is drawn over the
 * terminal and is never in its buffer: copying, searching and the program's own cursor know nothing of it.
 */
import type { IDecoration, Terminal } from "@xterm/xterm";

/** Marks kept; the oldest goes. A mark also goes with its line, when the scrollback drops it. */
export const RETURN_MARKS_MAX = 50;

/** Room that the words need beside text, in cells beyond their own length. */
const MARGIN_CELLS = 3;

export class ReturnMarks {
  readonly #terminal: Pick<Terminal, "buffer" | "cols" | "registerMarker" | "registerDecoration">;
  #marks: IDecoration[] = [];

  constructor(terminal: Pick<Terminal, "buffer" | "cols" | "registerMarker" | "registerDecoration">) {
    this.#terminal = terminal;
  }

  /**
   * Marks the place of the cursor: a rule below that line, and the words at its end where the text leaves room.
   * @returns false in the alternate screen, which has no place for it
   */
  add(words: string, tone: "ok" | "warn"): boolean {
    const { buffer } = this.#terminal;
    if (buffer.active.type === "alternate") return false;
    const { baseY, cursorX, cursorY } = buffer.active;
    // at the start of a line nothing stands yet: the gap lies above it
    const marker = this.#terminal.registerMarker(cursorX === 0 && baseY + cursorY > 0 ? -1 : 0);
    const decoration = marker && this.#terminal.registerDecoration({ marker, width: this.#terminal.cols });
    if (decoration === undefined) return false;
    decoration.onRender((element) => {
      const text = buffer.normal.getLine(decoration.marker.line)?.translateToString(true) ?? "";
      const isCrowded = text.length + words.length + MARGIN_CELLS > this.#terminal.cols;
      draw(element, words, `return-mark ${tone}${isCrowded ? " crowded" : ""}`);
    });
    decoration.onDispose(() => {
      this.#marks = this.#marks.filter((mark) => mark !== decoration);
    });
    // two on one line could not be read: the newest gap counts
    for (const mark of this.#marks) if (mark.marker.line === decoration.marker.line) mark.marker.dispose();
    this.#marks.push(decoration);
    if (this.#marks.length > RETURN_MARKS_MAX) this.#marks[0]?.marker.dispose();
    return true;
  }
}

/** Called at every render: it writes only what changed. The emulator sets the width for the columns of that day. */
function draw(element: HTMLElement, words: string, className: string): void {
  element.style.width = "100%";
  const wanted = `xterm-decoration ${className}`;
  if (element.className === wanted) return;
  element.className = wanted;
  element.setAttribute("aria-hidden", "true"); // said once by the pane's live region
  if (element.firstChild) return;
  const label = document.createElement("span");
  label.textContent = words;
  element.append(label);
}
