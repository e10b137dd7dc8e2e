/**
 * What a selection becomes in the clipboard. The emulator has joined the rows of a wrapped line already; what is left are the
 * blanks with which programs fill their lines. Pure.
 */
export function copiedText(selection: string): string {
  return selection.replace(/[ \t\u00a0]+(?=\r?\n|$)/g, "");
}
