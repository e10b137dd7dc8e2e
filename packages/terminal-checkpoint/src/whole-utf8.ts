/**
 * Holds a character that is not whole yet until the rest of it has come. xterm.js reads a character that is split
 * between two writes wrongly when its second or third byte is 0x80 ("—", "…", "’"): src/common/input/TextDecoder.ts of
 * 6.0.0, Utf8ToUtf32.decode, takes a held 0x80 for an empty place. So it never gets half of one.
 */
export class WholeUtf8 {
  #held: Uint8Array = new Uint8Array(0);

  /** How many bytes wait for the rest of their character: 0 to 3. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** @returns what was held and `bytes`, up to the last whole character. May be empty. */
  take(bytes: Uint8Array): Uint8Array {
    let all = bytes;
    if (this.#held.length > 0) {
      all = new Uint8Array(this.#held.length + bytes.length);
      all.set(this.#held);
      all.set(bytes, this.#held.length);
    }
    const length = wholeUtf8Length(all);
    this.#held = all.slice(length);
    return length === all.length ? all : all.subarray(0, length);
  }
}

/** The length without a last character whose end is missing. Bytes that begin no character count as whole. */
export function wholeUtf8Length(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return back < characterLength(byte) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function characterLength(leadByte: number): number {
  if ((leadByte & 0xe0) === 0xc0) return 2;
  if ((leadByte & 0xf0) === 0xe0) return 3;
  return (leadByte & 0xf8) === 0xf0 ? 4 : 1;
}
