/** With no hit, a name within one edit is suggested (DESIGN §11). Pure. */

/** Names looked at; a suggestion is a courtesy and must not make typing slow. */
export const SUGGESTION_NAMES_MAX = 5_000;

/** @returns a part of a name ("checkout" for "chekout"), or undefined */
export function suggestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length < 3) return undefined;
  for (const name of names.slice(0, SUGGESTION_NAMES_MAX)) {
    const whole = name.toLowerCase();
    for (const part of [whole, ...whole.split(/[^\p{L}\p{N}]+/u)]) if (isOneEditAway(wanted, part)) return part;
  }
  return undefined;
}

/** One letter more, less, changed, or two neighbours swapped. */
export function isOneEditAway(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1);
  const swapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return (
    short.slice(start + 1) === long.slice(start + 1) || (swapped && short.slice(start + 2) === long.slice(start + 2))
  );
}
