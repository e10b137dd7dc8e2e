/**
 * The eight rules of data-channel.md §3.5 written down once more, slowly and with other means than the codec uses: what
 * property tests compare the codec with.
 */
import { createHash } from "node:crypto";

export interface PlainVerdict {
  reason: string | undefined;
  warning: string | undefined;
}

const GO_SPACES =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

export function plainVerdict(frame: Uint8Array): PlainVerdict {
  const reject = (reason: string): PlainVerdict => ({ reason, warning: undefined });
  const bytes = Buffer.from(frame);
  if (bytes.length < 116) return reject("short");
  const headerLength = bytes.readUInt32BE(0);
  if (![112, 116].includes(headerLength)) return reject("header-length");
  if (bytes.length < headerLength + 4) return reject("short");
  const payload = bytes.subarray(headerLength + 4);
  const payloadLength = bytes.readUInt32BE(headerLength);
  const messageType = plainMessageType(frame);
  if (["start_publication", "pause_publication"].includes(messageType))
    return { reason: undefined, warning: undefined };
  if (messageType === "") return reject("type");
  if (bytes.readBigUInt64BE(40) === 0n) return reject("created-date");
  const digest = createHash("sha256").update(payload).digest();
  if ((payload.length > 0 || payloadLength > 0) && !digest.equals(bytes.subarray(80, 112))) return reject("digest");
  return { reason: undefined, warning: payloadLength === payload.length ? undefined : "length-mismatch" };
}

/** @param frame of at least 36 bytes */
export function plainMessageType(frame: Uint8Array): string {
  const field = [...frame.subarray(4, 36)];
  while (field[0] === 0) field.shift();
  while (field.at(-1) === 0) field.pop();
  const characters = [...new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(field))];
  while (GO_SPACES.includes(characters[0] ?? "x")) characters.shift();
  while (GO_SPACES.includes(characters.at(-1) ?? "x")) characters.pop();
  return characters.join("");
}
