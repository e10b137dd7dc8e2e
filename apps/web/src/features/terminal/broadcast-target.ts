/** Another terminal that gets what a person types into this one, while she broadcasts. Replies and mouse are never among it. */
export interface TypingTarget {
  /** A key, or keys, of a person; cursor keys in whichever form. */
  takeTyped(bytes: Uint8Array, keys: number): void;
  /** Text that she was asked about already. */
  takePaste(text: string): void;
  /** It takes a paste as one text. */
  isBracketedPaste(): boolean;
  /** Its instance is one where more is asked about. */
  readonly isProduction: boolean;
}

const ESC = "\x1b";
/** Reports of the mouse name cells of the terminal that was clicked: SGR, urxvt and X10 forms (xterm's control sequences). */
const MOUSE_REPORT = new RegExp(`^${ESC}\\[(<\\d+;\\d+;\\d+[Mm]|\\d+;\\d+;\\d+M|M)`);
/** Keys that a program may want in one form or the other (DECCKM). */
const CURSOR_KEY = new RegExp(`^${ESC}[[O]([A-DFH])$`);

/** Is it something for other terminals, too? */
export function isForOthers(bytes: Uint8Array): boolean {
  return !MOUSE_REPORT.test(new TextDecoder().decode(bytes));
}

/** @param isApplication the program there asked for application cursor keys */
export function asTypedThere(bytes: Uint8Array, isApplication: boolean): Uint8Array {
  const key = CURSOR_KEY.exec(new TextDecoder().decode(bytes))?.[1];
  return key === undefined ? bytes : new TextEncoder().encode(`${ESC}${isApplication ? "O" : "["}${key}`);
}
