/** Colours that programs changed (OSC 4, 10, 11, 12 and their resets). A headless terminal parses them and keeps none. */
import type { ColorEvent, Internals } from "./terminal-internals.ts";

/** Kinds of colour events: @xterm/xterm 6.0.0, src/common/Types.ts, ColorRequestType; kind 0 asks and changes nothing. */
const SET = 1;
const RESTORE = 2;
/** Numbers beyond the palette: SpecialColorIndex. */
const SPECIAL = { 256: "10", 257: "11", 258: "12" } as const;
const PALETTE_SIZE = 256;

export class ChangedColors {
  readonly #colors = new Map<number, string>();

  constructor(internals: Internals) {
    internals._inputHandler.onColor((event) => this.#handle(event));
  }

  /** Resets all colours, then sets the changed ones. Holds no question, so no terminal answers. */
  toSequences(): string {
    let sequences = "\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\";
    for (const [index, color] of this.describe()) {
      const special = SPECIAL[index as keyof typeof SPECIAL];
      sequences += special === undefined ? `\x1b]4;${index};${color}\x1b\\` : `\x1b]${special};${color}\x1b\\`;
    }
    return sequences;
  }

  /** By number: 0 to 255 palette, 256 foreground, 257 background, 258 cursor. */
  describe(): [number, string][] {
    return [...this.#colors].sort(([a], [b]) => a - b);
  }

  #handle(event: ColorEvent): void {
    for (const { type, index, color } of event) {
      if (type === SET && index !== undefined && color) this.#colors.set(index, `rgb:${color.map(hex).join("/")}`);
      if (type === RESTORE && index !== undefined) this.#colors.delete(index);
      if (type === RESTORE && index === undefined) this.#forgetPalette();
    }
  }

  #forgetPalette(): void {
    for (const index of this.#colors.keys()) if (index < PALETTE_SIZE) this.#colors.delete(index);
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
