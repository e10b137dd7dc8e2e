/**
 * The attributes text is written with, in one canonical form, and the sequences that lead from one to another.
 * Bits and meaning: @xterm/xterm 6.0.0, src/common/buffer/Constants.ts and AttributeData.ts.
 */
import type { Link, LinkBook } from "./links.ts";
import type { Attributes, ExtendedAttributes } from "./terminal-internals.ts";

const COLOR_MODE = 0x3000000;
const COLOR_16 = 0x1000000;
const COLOR_256 = 0x2000000;
const RGB_MASK = 0xffffff;
const COLOR_BITS = COLOR_MODE | RGB_MASK;
const HAS_EXTENDED = 0x10000000;
const UNDERLINE = 0x10000000;
const PROTECTED = 0x20000000;

export interface Pen {
  /** Colour and flags as xterm.js stores them, without leftovers of earlier colours. */
  readonly fg: number;
  readonly bg: number;
  /** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
  readonly underlineStyle: number;
  readonly underlineColor: number;
  /** Two cells of one link hold the same number. */
  readonly linkNumber: number;
  readonly link: Link | undefined;
}

export const PLAIN_PEN: Pen = {
  fg: 0,
  bg: 0,
  underlineStyle: 0,
  underlineColor: 0,
  linkNumber: 0,
  link: undefined,
};

/** What a cell or a saved cursor holds: extended attributes count only where the flag says so. */
export function penOf(attributes: Attributes, links: LinkBook): Pen {
  const isExtended = (attributes.bg & HAS_EXTENDED) !== 0;
  const pen = makePen(attributes.fg, attributes.bg, isExtended ? attributes.extended : undefined, links);
  const isUnderlined = pen.underlineStyle !== 0 || pen.link !== undefined || (pen.fg & UNDERLINE) !== 0;
  return isUnderlined || pen.underlineColor === 0 ? pen : { ...pen, underlineColor: 0 };
}

/** What the next character is written with; here an underline colour waits for its underline. */
export function currentPen(attributes: Attributes, links: LinkBook): Pen {
  return makePen(attributes.fg, attributes.bg, attributes.extended, links);
}

function makePen(fg: number, bg: number, extended: ExtendedAttributes | undefined, links: LinkBook): Pen {
  if (fg === 0 && bg === 0 && extended === undefined) return PLAIN_PEN;
  const link = links.find(extended?.urlId ?? 0);
  return {
    fg: cleanColor(fg),
    bg: cleanColor(bg & ~HAS_EXTENDED),
    underlineStyle: extended ? (extended._ext >> 26) & 7 : 0,
    underlineColor: extended ? cleanColor(extended._ext & COLOR_BITS) : 0,
    linkNumber: link ? (extended?.urlId ?? 0) : 0,
    link,
  };
}

/** A colour set over another one leaves bits of the old one behind that mean nothing. */
function cleanColor(value: number): number {
  const flags = value & ~COLOR_BITS;
  const mode = value & COLOR_MODE;
  if (mode === 0) return flags >>> 0;
  return (flags | mode | (value & (mode === COLOR_MODE ? RGB_MASK : 0xff))) >>> 0;
}

export function isSamePen(a: Pen, b: Pen): boolean {
  return (
    a === b ||
    (a.fg === b.fg &&
      a.bg === b.bg &&
      a.underlineStyle === b.underlineStyle &&
      a.underlineColor === b.underlineColor &&
      a.linkNumber === b.linkNumber)
  );
}

/** Only a background colour: what erased cells have. */
export function isErasure(pen: Pen): boolean {
  return (
    pen.fg === 0 && (pen.bg & ~COLOR_BITS) === 0 && pen.underlineStyle === 0 && pen.underlineColor === 0 && !pen.link
  );
}

/**
 * Flags that do not match what they stand for: what xterm.js makes of a cursor restored under another underline or link
 * than it was saved under. No SGR sequence leads there.
 */
export function isOddPen({ fg, bg, extended }: Attributes): boolean {
  const style = extended ? (extended._ext >> 26) & 7 : 0;
  const hasExtended = style !== 0 || (extended?.urlId ?? 0) !== 0;
  return ((fg & UNDERLINE) !== 0) !== (style !== 0) || ((bg & HAS_EXTENDED) !== 0) !== hasExtended;
}

/** The same of a cell: an underline flag without a style, or a style without the flag. */
export function isOddCellPen(pen: Pen): boolean {
  return ((pen.fg & UNDERLINE) !== 0) !== (pen.underlineStyle !== 0);
}

/**
 * From any pen to an odd one, the way a program gets there: by saving the cursor under one underline and restoring it
 * under another. Overwrites the saved cursor; the cursor stays, unless it waits past the last column.
 * The link of `pen` must be open before, and none if it has none.
 */
export function oddSgr(pen: Pen): string {
  const color = sgr({ ...pen, underlineStyle: 0 });
  if (pen.underlineStyle === 0) return `${color}\x1b[4m\x1b7\x1b[24m\x1b8`;
  // with a link open, the flag for extended attributes is saved without that of an underline
  const [open, close] = pen.link ? ["", ""] : ["\x1b]8;;about:blank\x1b\\", "\x1b]8;;\x1b\\"];
  return `${open}${color}\x1b7\x1b[4:${pen.underlineStyle}m${close}\x1b8`;
}

/** Was a cursor with these attributes saved inside a hyperlink? Then it comes back as if there were one. */
export function isLinkSaved({ fg, bg }: Attributes): boolean {
  return (bg & HAS_EXTENDED) !== 0 && (fg & UNDERLINE) === 0;
}

/** The sequence of colours and flags of `pen`, from any other one. A link that is open stays open. */
export function sgr(pen: Pen): string {
  let parameters = "";
  for (const [bit, parameter] of FG_FLAGS) if (pen.fg & bit) parameters += parameter;
  for (const [bit, parameter] of BG_FLAGS) if (pen.bg & bit) parameters += parameter;
  if (pen.underlineStyle > 0) parameters += pen.underlineStyle === 1 ? ";4" : `;4:${pen.underlineStyle}`;
  parameters += color(pen.fg, "3") + color(pen.bg, "4") + color(pen.underlineColor, "5");
  const protection = pen.bg & PROTECTED ? '\x1b[1"q' : "";
  return parameters === "" ? `\x1b[m${protection}` : `\x1b[0${parameters}m${protection}`;
}

const FG_FLAGS = [
  [0x8000000, ";1"],
  [0x20000000, ";5"],
  [0x4000000, ";7"],
  [0x40000000, ";8"],
  [0x80000000, ";9"],
] as const;
const BG_FLAGS = [
  [0x8000000, ";2"],
  [0x4000000, ";3"],
  [0x40000000, ";53"],
] as const;

/** @param kind "3" text, "4" background, "5" underline (which has no 16-colour form) */
function color(value: number, kind: "3" | "4" | "5"): string {
  const mode = value & COLOR_MODE;
  if (mode === 0) return "";
  if (mode === COLOR_256) return `;${kind}8;5;${value & 0xff}`;
  if (mode !== COLOR_16) return `;${kind}8;2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`;
  const index = value & 0xff;
  return index < 8 ? `;${kind}${index}` : `;${kind === "3" ? 9 : 10}${index - 8}`;
}
