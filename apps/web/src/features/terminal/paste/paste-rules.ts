/** When pasted text is shown before it goes to a shell, and what of it is shown (DESIGN §6). Pure. */

/** Beyond this a paste is asked about, and goes in pieces with a line that says how far it is. */
export const LARGE_PASTE_BYTES = 5_000;
/** A page holds the text of a paste twice; nobody types so much into a terminal. Beyond it the paste is refused, whole. */
export const PASTE_BYTES_MAX = 64 * 1024 * 1024;
/** Lines of the guard's preview, and characters of each. */
export const PREVIEW_LINES_MAX = 8;
export const PREVIEW_CHARS_MAX = 400;

export interface PasteRules {
  /** Ask at all. */
  guard: boolean;
  /** In production, several lines are asked about also where the shell takes them as one text. */
  guardProduction: boolean;
}

export type PasteReason =
  /** Each line runs at once: the shell did not ask for bracketed paste. */
  | "lines"
  /** Several lines, in production. */
  | "production"
  /** Control characters other than tab and line end. */
  | "control"
  | "large";

/** What the person is asked. */
export interface PasteAsk {
  id: number;
  text: string;
  lines: number;
  /** As UTF-8. */
  bytes: number;
  reasons: readonly PasteReason[];
  /** So many terminals get it, while the person broadcasts; absent: this one. */
  panes?: number;
}

export interface PasteContext {
  isBracketed: boolean;
  isProduction: boolean;
  rules: PasteRules;
}

/** Control characters, 7- and 8-bit, but for tab and line ends. */
const CONTROL = /[^\P{Cc}\t\r\n]/u;
const LINE_END = /\r\n?|\n/;

/** @returns why the person must be asked, in the order in which it is said; empty: paste at once */
export function reasonsToAsk(text: string, bytes: number, context: PasteContext): PasteReason[] {
  const { isBracketed, isProduction, rules } = context;
  if (!rules.guard) return [];
  const isSeveral = countLines(text) > 1;
  return [
    ...(isSeveral && !isBracketed ? (["lines"] as const) : []),
    ...(isSeveral && isBracketed && isProduction && rules.guardProduction ? (["production"] as const) : []),
    ...(CONTROL.test(text) ? (["control"] as const) : []),
    ...(bytes > LARGE_PASTE_BYTES ? (["large"] as const) : []),
  ];
}

/** A final line end ends its line and begins no other. */
export function countLines(text: string): number {
  let lines = 1;
  const end = /\r\n?|\n/g;
  for (let match = end.exec(text); match; match = end.exec(text)) if (end.lastIndex < text.length) lines++;
  return lines;
}

export interface PreviewLine {
  /** From 1 on. */
  number: number;
  /** Text, and control characters as their pictures; `at`: its place among the characters of the line. */
  parts: readonly PreviewPart[];
  /** The rest of the line is not shown. */
  isCut: boolean;
  /** A line end closes it, and it is the last one: it runs. */
  isRun: boolean;
}

export interface PreviewPart {
  at: number;
  text: string;
  isControl: boolean;
}

/** The first lines, fit to be read. */
export function previewLines(text: string): PreviewLine[] {
  const lines: PreviewLine[] = [];
  let rest = text;
  while (lines.length < PREVIEW_LINES_MAX && (rest !== "" || lines.length === 0)) {
    const match = LINE_END.exec(rest);
    const line = match ? rest.slice(0, match.index) : rest;
    rest = match ? rest.slice(match.index + match[0].length) : "";
    const shown = line.slice(0, PREVIEW_CHARS_MAX);
    lines.push({
      number: lines.length + 1,
      parts: visible(shown),
      isCut: shown.length < line.length,
      isRun: match !== null && rest === "",
    });
  }
  return lines;
}

/** Line ends become blanks; a backslash that only joined two lines goes with its line end. */
export function asOneLine(text: string): string {
  return text
    .split(LINE_END)
    .map((line) => (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) ? line.slice(0, -1) : line).trim())
    .filter((line) => line !== "")
    .join(" ");
}

function visible(text: string): PreviewLine["parts"] {
  const parts: PreviewPart[] = [];
  let at = 0;
  for (const char of text) {
    const isControl = CONTROL.test(char);
    const last = parts.at(-1);
    const shown = isControl ? picture(char) : char;
    if (last && last.isControl === isControl) last.text += shown;
    else parts.push({ at, text: shown, isControl });
    at++;
  }
  return parts;
}

/** U+2400 onwards are pictures of the C0 characters; the 8-bit ones have none. */
function picture(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}
