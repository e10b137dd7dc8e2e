/** Base64 (RFC 4648 §4, padded), which Go writes for byte slices; no platform function for it exists in this package. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((character, value) => [character, value]));
const WELL_FORMED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @returns padded standard base64 */
export function base64Encode(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group = ((bytes[index] as number) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((group >> 6) & 63) : "=";
    text += left > 2 ? ALPHABET.charAt(group & 63) : "=";
  }
  return text;
}

/** @returns the bytes, or undefined for anything but padded standard base64; line breaks are skipped, as Go does */
export function base64Decode(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\r\n]/g, "");
  if (!WELL_FORMED.test(digits)) return undefined;
  const padding = digits.endsWith("==") ? 2 : digits.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((digits.length / 4) * 3 - padding);
  for (let index = 0, at = 0; index < digits.length; index += 4) {
    let group = 0;
    for (let digit = 0; digit < 4; digit++) group = (group << 6) | (VALUES.get(digits.charAt(index + digit)) ?? 0);
    // Writes beyond the end of a typed array are ignored: that is where the padding would go.
    bytes[at++] = group >> 16;
    bytes[at++] = group >> 8;
    bytes[at++] = group;
  }
  return bytes;
}
