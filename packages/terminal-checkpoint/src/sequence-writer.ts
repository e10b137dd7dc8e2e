/**
 * Collects the sequences of a checkpoint and knows what they have done so far to the terminal that reads them: its pen,
 * its open link, and which character could still join the next one. Nothing here asks the terminal a question.
 */
import { isOddCellPen, isSamePen, oddSgr, type Pen, PLAIN_PEN, sgr } from "./pen.ts";
import type { Internals } from "./terminal-internals.ts";

/** Begins the names of links that had none, so that what is printed in pieces is one link again. */
export const LINK_NAME_PREFIX = "causeway-link-";
/** Different pens whose sequence is kept at a time; at the bound all are made anew. */
const SEQUENCES_KEPT_MAX = 4_096;

export class SequenceWriter {
  readonly #unicode: Internals["unicodeService"];
  readonly #sequences = new Map<string, string>();
  #parts: string[] = [];
  #pen: Pen = PLAIN_PEN;
  /** As xterm's parser keeps it: 0 when nothing printed may join what comes. */
  #joinState = 0;
  #length = 0;
  /** The screen that is written. Its saved cursor is done; on the normal one the alternate's is free for our own use. */
  savesIn: "normal" | "alternate" = "normal";

  constructor(unicode: Internals["unicodeService"]) {
    this.#unicode = unicode;
  }

  get pen(): Pen {
    return this.#pen;
  }

  /** UTF-16 units written so far. */
  get length(): number {
    return this.#length;
  }

  /** Any control or escape sequence: after it no character joins one before it. */
  control(sequence: string): void {
    if (sequence === "") return;
    this.#push(sequence);
    this.#joinState = 0;
  }

  /** An odd pen overwrites a saved cursor; the cursor must not wait past the last column then. */
  setPen(pen: Pen): void {
    if (isSamePen(this.#pen, pen)) return;
    if (isOddCellPen(pen)) {
      const sequences = oddSgr(pen);
      this.control(linkSequence(pen)); // on the screen where its text is, or it is forgotten
      this.control(this.savesIn === "alternate" ? sequences : `\x1b[?47h${sequences}\x1b[?47l`);
    } else this.#setPlainPen(pen);
    this.#pen = pen;
  }

  #setPlainPen(pen: Pen): void {
    const isOdd = isOddCellPen(this.#pen);
    if (isOdd || this.#pen.linkNumber !== pen.linkNumber) this.control(linkSequence(pen));
    if (isOdd || !isSameSgr(this.#pen, pen)) this.control(this.#sgr(pen));
  }

  /** Prints one cell's text as it is: what stands before it does not join. */
  cell(text: string): void {
    const code = text.codePointAt(0) ?? 0;
    if (this.#joinState !== 0 && joins(this.#unicode.charProperties(code, this.#joinState))) this.control("\x1b\\"); // a string terminator ends no string here: it does nothing but part the two
    this.#push(text);
    this.#joinState = joinStateAfter(this.#unicode, text, this.#joinState);
  }

  /** Prints ASCII characters, one cell each. */
  ascii(text: string): void {
    if (this.#joinState !== 0 && joins(this.#unicode.charProperties(text.charCodeAt(0), this.#joinState)))
      this.control("\x1b\\"); // only after a "prepend" character
    this.#push(text);
    this.#joinState = ASCII_STATE;
  }

  toString(): string {
    return this.#parts.join("");
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  #sgr(pen: Pen): string {
    const key = `${pen.fg};${pen.bg};${pen.underlineStyle};${pen.underlineColor}`;
    let sequence = this.#sequences.get(key);
    if (sequence === undefined) {
      if (this.#sequences.size >= SEQUENCES_KEPT_MAX) this.#sequences.clear();
      sequence = sgr(pen);
      this.#sequences.set(key, sequence);
    }
    return sequence;
  }
}

/** xterm's state after a plain narrow character: width 1, nothing special. */
const ASCII_STATE = 2;

/** @returns the state after `text` when it is printed with `state` before it; source: UnicodeService.ts. */
export function joinStateAfter(unicode: Internals["unicodeService"], text: string, state: number): number {
  let after = state;
  for (const character of text) after = unicode.charProperties(character.codePointAt(0) ?? 0, after);
  return after;
}

export function joins(state: number): boolean {
  return (state & 1) === 1;
}

/** Columns that the cluster takes up to here. */
export function widthOf(state: number): number {
  return (state >> 1) & 3;
}

/** What decides about joining: states of one kind behave alike. */
export function joinKind(state: number): number {
  return (state >> 3) & 0xf;
}

function linkSequence(pen: Pen): string {
  if (!pen.link) return "\x1b]8;;\x1b\\";
  const id = pen.link.id === "" ? `${LINK_NAME_PREFIX}${pen.linkNumber}` : pen.link.id;
  return `\x1b]8;id=${id};${pen.link.uri}\x1b\\`;
}

function isSameSgr(a: Pen, b: Pen): boolean {
  return (
    a.fg === b.fg && a.bg === b.bg && a.underlineStyle === b.underlineStyle && a.underlineColor === b.underlineColor
  );
}
