/** Colours of the tokens, `--presence-1` to this one. */
const COLOURS = 8;

/** @returns from 1 to 8, by name alone */
export function presenceColour(name: string): number {
  let sum = 0;
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return 1 + (sum % COLOURS);
}
