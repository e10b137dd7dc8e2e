/**
 * Follows the bytes with as much of the parser as it takes to know where no sequence, string or character is open.
 * Pure; does not know what a sequence means. Transitions: @xterm/xterm 6.0.0, src/common/parser/EscapeSequenceParser.ts,
 * VT500_TRANSITION_TABLE, with its oddities (a character beyond ASCII ends most sequences; CAN and SUB end all).
 */

type State =
  | "ground"
  | "escape"
  | "escape-intermediate"
  | "csi"
  | "csi-intermediate"
  | "csi-ignore"
  | "dcs"
  | "dcs-intermediate"
  | "dcs-ignore"
  | "dcs-string"
  | "osc"
  | "sos";

const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const BEL = 0x07;
/** All others are left by a character beyond ASCII, a string of APC, PM or SOS too. */
const SWALLOWS_BEYOND_ASCII: ReadonlySet<State> = new Set(["osc", "csi-ignore", "dcs-ignore", "dcs-string"]);

export class ParserWatch {
  #state: State = "ground";
  /** Of a CSI or DCS: has a parameter byte or prefix come? */
  #hasParameter = false;
  #code = 0;
  #codeBytesMissing = 0;
  #codeMin = 0;
  #bytes = 0;
  #groundAt = 0;

  /** Bytes seen so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The latest count of bytes after which nothing was open. */
  get groundAt(): number {
    return this.#groundAt;
  }

  get isGround(): boolean {
    return this.#groundAt === this.#bytes;
  }

  /** A copy to look ahead with. */
  clone(): ParserWatch {
    const copy = new ParserWatch();
    copy.#state = this.#state;
    copy.#hasParameter = this.#hasParameter;
    copy.#code = this.#code;
    copy.#codeBytesMissing = this.#codeBytesMissing;
    copy.#codeMin = this.#codeMin;
    copy.#bytes = this.#bytes;
    copy.#groundAt = this.#groundAt;
    return copy;
  }

  push(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      if (byte < 0x80) {
        this.#codeBytesMissing = 0;
        if (this.#state !== "ground" || byte === ESC) this.#state = this.#next(byte);
      } else this.#pushHigh(byte);
      if (this.#state === "ground" && this.#codeBytesMissing === 0) this.#groundAt = this.#bytes + index + 1;
    }
    this.#bytes += bytes.length;
  }

  /** Decodes as xterm.js does: what is no valid character is dropped without a trace. */
  #pushHigh(byte: number): void {
    if ((byte & 0xc0) === 0x80) {
      if (this.#codeBytesMissing === 0) return;
      this.#code = (this.#code << 6) | (byte & 0x3f);
      this.#codeBytesMissing -= 1;
      if (this.#codeBytesMissing === 0 && isCharacter(this.#code, this.#codeMin)) this.#state = this.#next(this.#code);
      return;
    }
    this.#codeBytesMissing = (byte & 0xe0) === 0xc0 ? 1 : (byte & 0xf0) === 0xe0 ? 2 : (byte & 0xf8) === 0xf0 ? 3 : 0;
    this.#codeMin = [0, 0x80, 0x800, 0x10000][this.#codeBytesMissing] ?? 0;
    this.#code = byte & (0x3f >> this.#codeBytesMissing);
  }

  #next(code: number): State {
    if (code >= 0x80 && code < 0xa0) return this.#controlBeyondAscii(code);
    if (code === CAN || code === SUB) return "ground";
    if (code === ESC) return "escape";
    if (code >= 0xa0) return this.#beyondAscii();
    switch (this.#state) {
      case "ground":
        return "ground";
      case "osc":
        return code === BEL ? "ground" : "osc";
      case "sos":
      case "dcs-string":
      case "dcs-ignore":
        return this.#state;
      default:
        return code < 0x20 || code === 0x7f ? this.#state : this.#nextPrintable(code);
    }
  }

  #controlBeyondAscii(code: number): State {
    if (code === 0x90) return this.#begin("dcs");
    if (code === 0x9b) return this.#begin("csi");
    if (code === 0x9d) return "osc";
    if (code === 0x98 || code === 0x9e || code === 0x9f) return "sos";
    return "ground";
  }

  #beyondAscii(): State {
    return SWALLOWS_BEYOND_ASCII.has(this.#state) ? this.#state : "ground";
  }

  #begin(state: "csi" | "dcs"): State {
    this.#hasParameter = false;
    return state;
  }

  /** @param code 0x20 to 0x7e, inside a sequence that is no string */
  #nextPrintable(code: number): State {
    const isIntermediate = code < 0x30;
    const isFinal = code >= 0x40;
    switch (this.#state) {
      case "escape":
        return this.#afterEscape(code);
      case "escape-intermediate":
        return isIntermediate ? "escape-intermediate" : "ground";
      case "csi-ignore":
        return isFinal ? "ground" : "csi-ignore";
      case "csi-intermediate":
        return isIntermediate ? "csi-intermediate" : isFinal ? "ground" : "csi-ignore";
      case "dcs-intermediate":
        return isIntermediate ? "dcs-intermediate" : isFinal ? "dcs-string" : "dcs-ignore";
      default:
        return this.#afterParameter(this.#state === "csi" ? "csi" : "dcs", code);
    }
  }

  #afterEscape(code: number): State {
    if (code < 0x30) return "escape-intermediate";
    if (code === 0x5b) return this.#begin("csi");
    if (code === 0x50) return this.#begin("dcs");
    if (code === 0x5d) return "osc";
    return code === 0x58 || code === 0x5e || code === 0x5f ? "sos" : "ground";
  }

  #afterParameter(state: "csi" | "dcs", code: number): State {
    if (code < 0x30) return `${state}-intermediate`;
    if (code >= 0x40) return state === "csi" ? "ground" : "dcs-string";
    if (code >= 0x3c && this.#hasParameter) return `${state}-ignore`;
    this.#hasParameter = true;
    return state;
  }
}

function isCharacter(code: number, min: number): boolean {
  return code >= min && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff && min === 0x800) && code !== 0xfeff;
}
