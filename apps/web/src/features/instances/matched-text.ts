/** The part of a name that the filter matched, for the accent colour. Pure. */

/** Longest, first match of any word. @returns the three parts around it, or undefined */
export function matchedParts(text: string, words: readonly string[]): [string, string, string] | undefined {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return undefined; // lower case changed the length: offsets would lie
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const word = longestFirst.find((candidate) => lower.includes(candidate));
  if (word === undefined) return undefined;
  const start = lower.indexOf(word);
  return [text.slice(0, start), text.slice(start, start + word.length), text.slice(start + word.length)];
}
