// As much of DER (ITU-T X.690) as an X.509 certificate needs: a value is its encoding, and structures are made from their parts.
// Writes only; nothing here reads what others sent.

/** An encoded value: tag, length, content. */
export type Der = Uint8Array;

export const sequence = (...parts: Der[]): Der => encode(0x30, Buffer.concat(parts));
export const set = (...parts: Der[]): Der => encode(0x31, Buffer.concat(parts));
export const TRUE: Der = encode(0x01, Buffer.of(0xff));
export const octets = (content: Uint8Array): Der => encode(0x04, content);
export const utf8Text = (text: string): Der => encode(0x0c, Buffer.from(text, "utf8"));

/** @param magnitude most significant byte first; read as a number that is not negative */
export function integer(magnitude: Uint8Array): Der {
  let first = 0;
  while (first < magnitude.length - 1 && magnitude[first] === 0) first++;
  const least = Buffer.from(magnitude.subarray(first));
  // a first bit that is set would make it negative
  return encode(
    0x02,
    ((least[0] ?? 0) & 0x80) === 0 && least.length > 0 ? least : Buffer.concat([Buffer.of(0), least]),
  );
}

/** @param unusedBits of the last byte, 0 to 7 */
export const bits = (content: Uint8Array, unusedBits = 0): Der =>
  encode(0x03, Buffer.concat([Buffer.of(unusedBits), content]));

/** @param dotted such as 2.5.29.17 */
export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** UTCTime, which RFC 5280 §4.1.2.5 demands until the end of 2049. @param ms since the epoch; seconds are all it tells */
export function utcTime(ms: number): Der {
  const digits = new Date(ms).toISOString().replace(/\D/g, "");
  return encode(0x17, Buffer.from(`${digits.slice(2, 14)}Z`, "latin1"));
}

/** A member of a structure that is told by its number. */
export const explicit = (tag: number, content: Der): Der => encode(0xa0 | tag, content);
/** The same, with the content of a simple value in place of the value. */
export const implicit = (tag: number, content: Uint8Array): Der => encode(0x80 | tag, content);

function encode(tag: number, content: Uint8Array): Der {
  const lengthBytes: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256);
  const length = content.length < 0x80 ? [content.length] : [0x80 | lengthBytes.length, ...lengthBytes];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

/** Seven bits a byte, the most significant first; every byte but the last has its first bit set. */
function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128));
  return bytes;
}
