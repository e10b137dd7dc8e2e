/**
 * The national and graphic character sets that xterm.js knows, by the letter that designates them. It keeps them as
 * objects without names, one per set and process, so the names are learnt by designating each once.
 * Source: @xterm/xterm 6.0.0, src/common/data/Charsets.ts.
 */
import type { Charset, Internals } from "./terminal-internals.ts";

const LETTERS = "0A4C5RQKYE6ZH7=";
/** Plain ASCII. */
export const ASCII_LETTER = "B";

export class CharsetNames {
  readonly #letters = new Map<Charset, string>();

  /** @param scratch of a terminal that is not used yet; it is left as it was */
  constructor(scratch: Internals) {
    const encoder = new TextEncoder();
    for (const letter of LETTERS) {
      scratch._inputHandler.parse(encoder.encode(`\x1b(${letter}`));
      const charset = scratch._charsetService._charsets[0];
      if (charset && !this.#letters.has(charset)) this.#letters.set(charset, letter);
    }
    scratch._inputHandler.parse(encoder.encode("\x1b(B"));
  }

  letterOf(charset: Charset | undefined): string {
    return (charset && this.#letters.get(charset)) ?? ASCII_LETTER;
  }
}

/** What to send while `charset` is in use so that `text` is printed; undefined when it cannot be. */
export function encodeUnder(charset: Charset | undefined, text: string): string | undefined {
  if (!charset) return text;
  let encoded = "";
  for (const character of text) {
    const isReplaced = character < "\x7f" && charset[character] !== undefined;
    const source = isReplaced ? Object.keys(charset).find((key) => charset[key] === character) : character;
    if (source === undefined) return undefined;
    encoded += source;
  }
  return encoded;
}
