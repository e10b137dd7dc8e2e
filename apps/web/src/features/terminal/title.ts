/** A title that a program chose, as something that may stand beside an instance's name. Pure. */

/** Longest title shown, in characters (architecture §8). */
export const TITLE_CHARS_MAX = 60;

/** Control characters and those that reorder or hide text: a program must not dress up as something else. */
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** @returns undefined when nothing is left to show */
export function cleanTitle(title: string): string | undefined {
  // cut first: a title may be megabytes long
  const characters = [...title.slice(0, 8 * TITLE_CHARS_MAX).replace(NOT_SHOWN, "")];
  const cut = characters.length > TITLE_CHARS_MAX ? [...characters.slice(0, TITLE_CHARS_MAX - 1), "…"] : characters;
  return cut.join("").trim() || undefined;
}
