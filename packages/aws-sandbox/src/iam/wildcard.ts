/**
 * AWS's `*` (any run of characters) and `?` (one character), matched in time proportional to pattern × text: no regular
 * expression is built, so that no pattern or name can make it backtrack without end.
 *
 * @param pattern one entry per character: a literal, or one of the two wildcards
 */
export function matchesWildcard(pattern: readonly PatternPart[], text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    const part = pattern[p];
    if (part === ANY_RUN) {
      star = p++;
      resumeAt = t;
    } else if (part === ANY_ONE || (part !== undefined && part === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resumeAt;
    } else return false;
  }
  while (pattern[p] === ANY_RUN) p++;
  return p === pattern.length;
}

const ANY_RUN: unique symbol = Symbol("*");
const ANY_ONE: unique symbol = Symbol("?");
export type PatternPart = string | typeof ANY_RUN | typeof ANY_ONE;

/** @returns the pattern of a text in which `*` and `?` are wildcards */
export const wildcardPattern = (text: string): PatternPart[] =>
  text.split("").map((char) => (char === "*" ? ANY_RUN : char === "?" ? ANY_ONE : char));

/** For EC2 filters and the like, where the whole text comes from one hand. */
export const matchesWildcardText = (pattern: string, text: string): boolean =>
  matchesWildcard(wildcardPattern(pattern), text);
