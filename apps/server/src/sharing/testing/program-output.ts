/** For tests: what programs print, in pieces that end where it happens: text, colours, wide characters, full screens, scroll regions. */

const TEXT = [
  "make: *** [all]",
  "checkout.service",
  "ERROR timeout",
  "漢字かな",
  "한글",
  "🚀",
  "e\u0301",
  "👍🏽",
  "─│┌┐",
  "\t",
  "    ",
];
const MODES = ["?7", "?25", "?1", "?2004", "?1000", "?1006", "?6", "4"];

export class ProgramOutput {
  #state: number;
  /** Of what was made and not printed yet: the rest of a sequence may come with the next piece. */
  #rest = Buffer.alloc(0);

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Some bytes; they may end within a sequence or a character. */
  piece(): Uint8Array {
    this.#rest = Buffer.concat([this.#rest, Buffer.from(this.#act())]);
    const length = 1 + this.#below(this.#rest.length);
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return piece;
  }

  /** What is left of the last piece. */
  rest(): Uint8Array {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  #act(): string {
    const n = (limit: number) => this.#below(limit);
    const kind = n(23);
    if (kind < 9) return `${this.#pick(TEXT)}${n(3) === 0 ? "\r\n" : " "}`;
    if (kind === 9) return `\x1b[${n(25) + 1};${n(81) + 1}H`;
    if (kind === 10)
      return `\x1b[${this.#pick(["0", "1", "2", "4", "7", `3${n(8)}`, `48;5;${n(256)}`, `38;2;${n(256)};${n(256)};9`])}m`;
    if (kind === 11) return `\x1b[${this.#pick(["", "1", "2"])}${this.#pick(["J", "K"])}`;
    if (kind === 12) return `\x1b[${n(12) + 1};${n(12) + 13}r`;
    if (kind === 13) return n(2) === 0 ? "\x1b[?1049h" : "\x1b[?1049l";
    if (kind === 14)
      return `\x1b[${n(5) + 1}${this.#pick(["A", "B", "C", "D", "E", "L", "M", "P", "@", "X", "S", "T"])}`;
    if (kind === 15) return `\x1b[${this.#pick(MODES)}${n(2) === 0 ? "h" : "l"}`;
    if (kind === 16) return n(2) === 0 ? "\x1b7" : "\x1b8";
    if (kind === 17) return this.#pick(["\x1b(0", "\x1b(B", "\x0e", "\x0f"]);
    if (kind === 18) return this.#pick(["\x1bM", "\x1bD", "\x1bE", "\x1bH", "\b", "\x1b[r"]);
    if (kind === 19) return `\x1b]0;title ${n(9)}\x07`;
    return `${"x".repeat(n(120))}\r\n`;
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  /** Numbers by a seed: mulberry32. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }
}
