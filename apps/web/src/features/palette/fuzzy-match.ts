/**
 * How well a text fits one typed word, and which letters of it do. Every letter must be there, in order; letters together, at the
 * start of a word, and early in the text count more. Pure; both texts in lower case.
 */

/** Where the letters are: start and end of each run, in order, not touching. */
export type Ranges = readonly (readonly [start: number, end: number])[];

export interface Match {
  /** Above 0; larger is better. A whole run always counts more than scattered letters. */
  score: number;
  ranges: Ranges;
}

const RUN_SCORE = 1_000;
const WORD_START_SCORE = 500;
const WORD_SCORE = 200;
const SCATTERED_SCORE = 400;
/** Beyond it the place in the text counts no more, in characters. */
const PLACE_MAX = 100;

/** @param word without spaces; empty: fits everything */
export function fuzzyMatch(word: string, text: string): Match | undefined {
  if (word === "") return { score: 1, ranges: [] };
  return runMatch(word, text) ?? scatteredMatch(word, text);
}

/** All of the word in one run: at the start of a word if there is one, else the first. */
export function runMatch(word: string, text: string): Match | undefined {
  const first = text.indexOf(word);
  if (first < 0) return undefined;
  let start = first;
  while (start >= 0 && !isWordStart(text, start)) start = text.indexOf(word, start + 1);
  const at = start < 0 ? first : start;
  const end = at + word.length;
  const isWord = start >= 0 && (end === text.length || isWordStart(text, end) || !isWordLetter(text[end]));
  const score =
    RUN_SCORE + (start < 0 ? 0 : WORD_START_SCORE) + (isWord ? WORD_SCORE : 0) + PLACE_MAX - Math.min(at, PLACE_MAX);
  return { score, ranges: [[at, end]] };
}

/** The first place where all letters follow one another, then drawn together from its end. */
function scatteredMatch(word: string, text: string): Match | undefined {
  let end = -1;
  for (const letter of word) {
    end = text.indexOf(letter, end + 1);
    if (end < 0) return undefined;
  }
  const letters = [...word];
  const places: number[] = [];
  let at = end + 1;
  for (const letter of letters.reverse()) {
    at = text.lastIndexOf(letter, at - 1);
    places.unshift(at);
  }
  const ranges = runsOf(
    places,
    [...word].map(({ length }) => length),
  );
  const starts = ranges.filter(([start]) => isWordStart(text, start)).length;
  const spread = Math.min(PLACE_MAX, (ranges.at(-1)?.[1] ?? 0) - (ranges[0]?.[0] ?? 0));
  const score = SCATTERED_SCORE + starts * 20 - ranges.length * 20 - spread;
  return { score: Math.max(1, score), ranges };
}

function runsOf(places: readonly number[], lengths: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const [index, start] of places.entries()) {
    const end = start + (lengths[index] ?? 1);
    const last = runs.at(-1);
    if (last?.[1] === start) last[1] = end;
    else runs.push([start, end]);
  }
  return runs;
}

function isWordStart(text: string, at: number): boolean {
  if (at === 0) return true;
  const [before, here] = [text[at - 1], text[at]];
  return !isWordLetter(before) || (isDigit(here) && !isDigit(before));
}

const isDigit = (letter: string | undefined): boolean => letter !== undefined && letter >= "0" && letter <= "9";
const isWordLetter = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
