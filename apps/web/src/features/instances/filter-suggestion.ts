/** With no hit, what the person may have meant: something within one edit of what she typed (DESIGN §11). Pure. */
import { type Filter, formatCondition } from "./instance-filter.ts";
import type { IndexedInstance } from "./instance-index.ts";

/** Instances looked at, spread over the list; a suggestion is a courtesy and must not make typing slow. */
export const SUGGESTION_NAMES_MAX = 5_000;
/** Of shorter words nearly everything is one edit away. Characters. */
const WORD_LENGTH_MIN = 3;

const CONDITION_NAMES = ["state", "region", "account", "platform"];

/**
 * @param typed what nothing fits
 * @returns the filter with the one part put right that nothing has; undefined: nothing is near, or each part fits something
 */
export function suggestFilter(typed: Filter, index: readonly IndexedInstance[]): string | undefined {
  const parts = [...typed.words, ...typed.conditions.map(formatCondition)];
  const lost = [
    ...typed.words.filter((word) => !index.some(({ haystack }) => haystack.includes(word))),
    ...typed.conditions.flatMap((condition) => {
      if (condition.kind !== "tag") return [];
      const line = `\n${condition.key}=${condition.value}`.toLowerCase();
      return index.some(({ tagLines }) => tagLines.includes(line)) ? [] : [formatCondition(condition)];
    }),
  ];
  const [wrong] = lost;
  if (wrong === undefined || lost.length > 1) return undefined;
  const better = wrong.includes("=")
    ? suggestTag(wrong, index)
    : (suggestCondition(wrong) ?? suggestWord(wrong, index));
  return better && parts.map((part) => (part === wrong ? better : part)).join(" ");
}

/** "region:eu" for "regoin:eu". */
function suggestCondition(word: string): string | undefined {
  const [name = "", ...value] = word.split(":");
  const meant = value.length === 0 ? undefined : CONDITION_NAMES.find((known) => isOneEditAway(name, known));
  return meant && `${meant}:${value.join(":")}`;
}

/** A part of a name or of a tag's value: "checkout-api" for "chekout-api". */
function suggestWord(word: string, index: readonly IndexedInstance[]): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length < WORD_LENGTH_MIN) return undefined;
  let value: string | undefined;
  for (const { instance } of spread(index)) {
    const part = partNear(wanted, instance.name);
    if (part !== undefined) return part;
    for (const key in instance.tags) value ??= partNear(wanted, instance.tags[key] ?? "");
  }
  return value;
}

/** Another value of the same key, or the same value of another key: "env=prod" for "env=prd" or "evn=prod". */
function suggestTag(condition: string, index: readonly IndexedInstance[]): string | undefined {
  const [wantedKey = "", ...rest] = condition.toLowerCase().split("=");
  const wanted = rest.join("=");
  for (const { instance } of spread(index))
    for (const key in instance.tags) {
      const value = instance.tags[key] ?? "";
      const lowerKey = key.toLowerCase();
      const lowerValue = value.toLowerCase();
      if (lowerKey === wantedKey && isOneEditAway(wanted, lowerValue)) return `${key}=${value}`;
      if (lowerValue.startsWith(wanted) && isOneEditAway(wantedKey, lowerKey)) return `${key}=${wanted}`;
    }
  return undefined;
}

function* spread(index: readonly IndexedInstance[]): Generator<IndexedInstance> {
  const step = Math.ceil(index.length / SUGGESTION_NAMES_MAX);
  for (let position = 0; position < index.length; position += step) yield index[position] as IndexedInstance;
}

/** @returns the whole of the text, or neighbouring words of it, one edit away; in lower case */
function partNear(wanted: string, text: string): string | undefined {
  const whole = text.toLowerCase();
  if (isOneEditAway(wanted, whole)) return whole;
  const starts = [...whole.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) => index);
  const ends = [...whole.matchAll(/[\p{L}\p{N}](?![\p{L}\p{N}])/gu)].map(({ index, 0: last }) => index + last.length);
  for (const start of starts)
    for (const end of ends)
      if (Math.abs(end - start - wanted.length) <= 1) {
        const part = whole.slice(start, end);
        if (isOneEditAway(wanted, part)) return part;
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
