/** What is looked for, as a regular expression, and where it stands in lines. Pure; used by the worker too. */

export interface SearchQuery {
  text: string;
  isRegex: boolean;
  isCaseSensitive: boolean;
}

/** @returns undefined when the text is meant as a pattern and cannot be read as one */
export function patternOf({ text, isRegex, isCaseSensitive }: SearchQuery): RegExp | undefined {
  const source = isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  try {
    return new RegExp(source, isCaseSensitive ? "g" : "gi");
  } catch {
    return undefined;
  }
}

/** The newest `most` matches, newest first, flat: index of the line, start and end in its text. Empty matches do not count. */
export function matchesIn(lines: readonly string[], pattern: RegExp, most: number): number[] {
  const found: number[] = [];
  for (let index = lines.length - 1; index >= 0 && found.length < most * 3; index--) {
    const ofLine: [start: number, end: number][] = [];
    for (const match of (lines[index] ?? "").matchAll(pattern)) {
      if (match[0] !== "") ofLine.push([match.index, match.index + match[0].length]);
    }
    for (const [start, end] of ofLine.reverse()) {
      if (found.length < most * 3) found.push(index, start, end);
    }
  }
  return found;
}
