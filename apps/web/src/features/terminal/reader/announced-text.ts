/** What of a terminal's new output is read out, and what of it is only counted (DESIGN §12). Pure. */

/** Lines that are read out at once; of the others it is said how many they are. */
export const ANNOUNCED_LINES_MAX = 20;
/** Characters of one line: nobody listens to a minified file. */
export const ANNOUNCED_CHARS_MAX = 400;

/**
 * @param lines new since what was read out last, oldest first
 * @returns undefined: nothing to say
 */
export function announcedText(lines: readonly string[]): string | undefined {
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (said.length === 0) return undefined;
  const more = said.length - ANNOUNCED_LINES_MAX;
  const shown = said.slice(0, ANNOUNCED_LINES_MAX).map((line) => line.slice(0, ANNOUNCED_CHARS_MAX));
  return [
    ...shown,
    ...(more > 0 ? [`and ${more.toLocaleString("en")} more ${more === 1 ? "line" : "lines"}`] : []),
  ].join("\n");
}

/** The new text of the line in which a person types, without what she typed herself: her keys were heard already. */
export function withoutEcho(text: string, typed: string): string {
  if (typed === "") return text;
  if (typed.startsWith(text)) return "";
  return text.startsWith(typed) ? text.slice(typed.length) : text;
}
