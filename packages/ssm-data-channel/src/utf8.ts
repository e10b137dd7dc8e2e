/**
 * UTF-8 in plain JavaScript: this package is compiled without any platform, so TextEncoder and TextDecoder
 * do not exist here. Both follow the WHATWG Encoding Standard with replacement and never throw.
 */

const REPLACEMENT = 0xfffd;
/** How many UTF-16 units go into one String.fromCharCode call: argument lists are limited, about 65,000 in V8. */
const CHUNK_UNITS_MAX = 8192;

/** @returns the UTF-8 bytes of a text; a lone surrogate becomes U+FFFD */
export function utf8Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3); // a UTF-16 unit needs at most three bytes
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 ? text.charCodeAt(index + 1) : Number.NaN;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        index++;
      } else code = REPLACEMENT;
    }
    if (code < 0x800) bytes[length++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[length++] = 0xe0 | (code >> 12);
      else {
        bytes[length++] = 0xf0 | (code >> 18);
        bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (code & 0x3f);
  }
  return bytes.slice(0, length);
}

/**
 * @returns the text of some UTF-8 bytes. Each maximal run of bytes that begins no valid character becomes one
 * U+FFFD; a byte order mark is kept.
 */
export function utf8Decode(bytes: Uint8Array): string {
  const units: number[] = [];
  let text = "";
  for (let index = 0; index < bytes.length; ) {
    const lead = bytes[index++] as number;
    if (lead < 0x80) units.push(lead);
    else {
      // The second byte has a narrower range after E0, ED, F0 and F4: no overlong form, no surrogate, nothing above U+10FFFF.
      const continuations = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
      let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      let code = lead & (0x3f >> continuations);
      let missing = continuations;
      for (; missing > 0; missing--) {
        const next = bytes[index];
        if (next === undefined || next < lower || next > upper) break;
        code = (code << 6) | (next & 0x3f);
        lower = 0x80;
        upper = 0xbf;
        index++;
      }
      if (continuations === 0 || missing > 0) units.push(REPLACEMENT);
      else if (code < 0x10000) units.push(code);
      else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
    if (units.length >= CHUNK_UNITS_MAX) {
      text += String.fromCharCode(...units);
      units.length = 0;
    }
  }
  return text + String.fromCharCode(...units);
}
