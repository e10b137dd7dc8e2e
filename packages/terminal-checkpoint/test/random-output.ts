/** Random output of a program: everything xterm.js 6 implements, broken things too, and size changes between. Seeded. */

export type LogEntry = { readonly bytes: Uint8Array } | { readonly cols: number; readonly rows: number };

/** A small seeded generator of numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class RandomOutput {
  readonly #random: () => number;
  readonly #encoder = new TextEncoder();

  constructor(random: () => number) {
    this.#random = random;
  }

  size(): { cols: number; rows: number } {
    return { cols: 2 + this.below(28), rows: 1 + this.below(9) };
  }

  log(length: number): LogEntry[] {
    return Array.from({ length }, () => this.entry());
  }

  entry(): LogEntry {
    if (this.#random() < 0.015) return this.size();
    if (this.#random() < 0.02) return { bytes: Uint8Array.from({ length: 1 + this.below(6) }, () => this.below(256)) };
    return { bytes: this.#encoder.encode(this.#weighted(KINDS)(this)) };
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** A parameter: mostly small, sometimes none or absurd. */
  parameter(): string {
    const kind = this.below(12);
    if (kind === 0) return "";
    if (kind === 1) return "0";
    if (kind === 2) return String(this.below(300));
    return String(1 + this.below(10));
  }

  #weighted(kinds: readonly (readonly [number, (output: RandomOutput) => string])[]) {
    let at = this.below(kinds.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of kinds) {
      at -= weight;
      if (at < 0) return make;
    }
    return () => "";
  }
}

const WIDE = ["世", "界", "한", "あ", "🙂", "　", "Ａ"];
const CLUSTERS = [
  "e\u0301",
  "👩‍👩‍👧‍👦",
  "🇫🇷",
  "🇫🇷🇩",
  "❤\ufe0f",
  "👍🏽",
  "ก\u0e33",
  "각",
  "n\u0303\u0327",
  "\u0600a",
  "☎\ufe0e",
];
const LONE = ["\u0301", "\u200d", "\ufe0f", "🇩", "\u0903", "\u200b", "\u00ad", "\ufeff"];
const CHARSETS = [..."0AB4CRQKY6ZH7="];

function text(output: RandomOutput): string {
  return Array.from({ length: 1 + output.below(12) }, () => String.fromCharCode(32 + output.below(95))).join("");
}

function sgrOf(output: RandomOutput): string {
  const one = () =>
    output.pick([
      () => String(output.below(30)),
      () => String(30 + output.below(20)),
      () => String(90 + output.below(18)),
      () => `4:${output.below(7)}`,
      () => `38;5;${output.below(256)}`,
      () => `48;5;${output.below(256)}`,
      () => `58;5;${output.below(256)}`,
      () => `38;2;${output.below(256)};${output.below(256)};${output.below(256)}`,
      () => `48:2::${output.below(256)}:${output.below(256)}:${output.below(256)}`,
      () => `58:2::${output.below(256)}:${output.below(256)}:${output.below(256)}`,
      () => output.pick(["53", "55", "59", "0", "0", "", "38;5", "48;2;1", "38:5", "999"]),
    ])();
  return `\x1b[${Array.from({ length: 1 + output.below(3) }, one).join(";")}m`;
}

function csi(finals: string): (output: RandomOutput) => string {
  return (output) => `\x1b[${output.parameter()}${output.pick([...finals])}`;
}

function mode(output: RandomOutput): string {
  const modes = [1, 2, 3, 6, 7, 9, 12, 25, 45, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 1048];
  return `\x1b[?${output.pick(modes)}${output.pick(["h", "l"])}`;
}

function osc(output: RandomOutput): string {
  const color = output.pick(["rgb:12/34/56", "#abcdef", "?", "nonsense", "rgb:f/0/f"]);
  const body = output.pick([
    () => `0;${text(output)}`,
    () => `2;${output.pick(["vim 世界", "", "a\u007fb", text(output)])}`,
    () => `1;${text(output)}`,
    () => `4;${output.below(260)};${color}`,
    () => `4;1;${color};2;#fff`,
    () => `${output.pick([10, 11, 12])};${color}`,
    () => output.pick(["104", "104;1", "110", "111", "112", "52;c;aGk=", "9;4;1;50", "7;file://h/"]),
  ])();
  return `\x1b]${body}${output.pick(["\x07", "\x1b\\", "\u009c", "\x18"])}`;
}

function link(output: RandomOutput): string {
  const id = output.pick(["", "", "id=a", "id=b:x=y"]);
  return output.below(3) === 0 ? "\x1b]8;;\x07" : `\x1b]8;${id};https://e.example/${output.below(3)}\x1b\\`;
}

const KINDS: readonly (readonly [number, (output: RandomOutput) => string])[] = [
  [30, text],
  [10, (output) => output.pick(WIDE).repeat(1 + output.below(6))],
  [6, (output) => output.pick(CLUSTERS)],
  [3, (output) => output.pick(LONE)],
  [3, (output) => `${text(output)}${output.pick(CLUSTERS)}${output.pick(WIDE)}${output.pick(LONE)}`],
  [14, (output) => output.pick(["\r\n", "\r\n", "\n", "\r", "\b", "\t", "\x0b", "\x0c"])],
  [4, (output) => text(output).repeat(1 + output.below(5))],
  [14, sgrOf],
  [12, (output) => `\x1b[${output.parameter()};${output.parameter()}H`],
  [10, csi("ABCDEFG`ade")],
  [8, csi("JK")],
  [8, csi("@PXLMST")],
  [4, csi("b")],
  [2, csi("IZ")],
  [4, (output) => output.pick(["\x1b7", "\x1b8", "\x1b[s", "\x1b[u"])],
  [4, (output) => `\x1b[${output.parameter()};${output.parameter()}r`],
  [5, (output) => output.pick(["\x1bD", "\x1bM", "\x1bE", "\x1bM\x1bM"])],
  [3, (output) => output.pick(["\x1bH", "\x1b[g", "\x1b[3g", "\x1bH\t\x1bH"])],
  [5, mode],
  [3, (output) => `\x1b[${output.pick(["4", "20"])}${output.pick(["h", "l", "l"])}`],
  [5, (output) => `\x1b[?${output.pick([47, 1047, 1049])}${output.pick(["h", "l"])}`],
  [5, (output) => output.pick(["\x1b(", "\x1b)", "\x1b*", "\x1b+", "\x1b-"]) + output.pick(CHARSETS)],
  [4, (output) => output.pick(["\x0e", "\x0f", "\x0f", "\x1bn", "\x1bo", "\x1b~", "\x1b%G"])],
  [4, osc],
  [3, link],
  [2, (output) => `\x1b[${output.below(9)} q`],
  [2, (output) => `\x1b[${output.pick(["0", "1", "2"])}"q`],
  [1, (output) => `\x1b[?${output.below(3)}${output.pick(["J", "K"])}`],
  [1, (output) => output.pick(["\x1b[!p", "\x1bc", "\x1b#8", "\x1b[3J", "\x1b=", "\x1b>"])],
  [1, (output) => `\x1b[${output.parameter()}${output.pick([" @", " A", "'}", "'~"])}`],
  [2, (output) => `\x1bP${output.pick(["$qm", "1;2|", "+q544e", "q#0"])}${output.pick(["\x1b\\", "\x07\x1b\\", ""])}`],
  [1, (output) => `\x1b${output.pick(["_", "^", "X"])}apc${output.pick(["\x1b\\", "é", ""])}`],
  [3, (output) => `\x1b]133;${output.pick(["A", "B", "C", "D;0", "D;1", "A;k=s"])}\x1b\\`],
  [2, (output) => output.pick(["\x1b[", "\x1b]0;half", "\x1b[1;", "\x1b[?", "\x1b[1?2x", "\x1b ", "\x1b", "\u009b3"])],
  [2, (output) => output.pick(["\x18", "\x1a", "\x1b\\", "\x7f", "\0", "\x07", "\u0085", "\u008d", "\u0090"])],
];
