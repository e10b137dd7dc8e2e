/**
 * Reference of the console's answers under load: as many terminals of xterm.js alone in a page, printing at the pace of an agent, and
 * a dialog that a chord opens. The browser, its drawing and the machine are the same; server, panes and lists are not there.
 */
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";

declare global {
  interface Window {
    openManyAlone?: (wanted: ManyAlone) => void;
  }
}

export interface ManyAlone {
  count: number;
  cols: number;
  rows: number;
  /** The console draws with WebGL here: so does the reference. */
  drawsWithCard: boolean;
  line: string;
}

const COLUMNS = 3;
/** Together some 1 MB/s, what an agent sends at most. */
const CHUNK_BYTES = 32 * 1024;
const CHUNK_EVERY_MS = 33;
const FONT_PX = 13;

window.openManyAlone = ({ count, cols, rows, drawsWithCard, line }) => {
  const grid = document.createElement("div");
  grid.style.display = "grid";
  grid.style.gridTemplateColumns = `repeat(${COLUMNS}, max-content)`;
  document.body.replaceChildren(grid);
  const chunk = `${line}\r\n`.repeat(Math.ceil(CHUNK_BYTES / (line.length + 2)));
  for (let n = 1; n <= count; n++) {
    const host = document.createElement("section");
    host.ariaLabel = `Terminal ${n}`;
    grid.append(host);
    const terminal = new Terminal({ cols, rows, fontSize: FONT_PX, scrollback: 10_000, logLevel: "off" });
    terminal.open(host);
    if (drawsWithCard) terminal.loadAddon(new WebglAddon());
    terminal.onData((data) => terminal.write(data));
    feed(terminal, chunk);
  }
  document.body.append(chordDialog());
};

/** The next part only once the one before was parsed: nothing piles up where the page cannot follow. */
function feed(terminal: Terminal, chunk: string): void {
  const beganMs = performance.now();
  terminal.write(chunk, () => {
    setTimeout(() => feed(terminal, chunk), Math.max(0, CHUNK_EVERY_MS - (performance.now() - beganMs)));
  });
}

/** Ctrl+Shift+K opens it with a field that has the keyboard; Escape closes it, as the browser does by itself. */
function chordDialog(): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  const field = document.createElement("input");
  field.role = "combobox";
  field.autofocus = true;
  dialog.append(field);
  addEventListener(
    "keydown",
    (event) => {
      if (!event.ctrlKey || !event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      event.stopPropagation();
      dialog.showModal();
    },
    true,
  );
  return dialog;
}
