/**
 * Reads the acknowledgement that both real ends write, byte for byte the same but for id and number, without JSON: an agent
 * gets one per message of output. Any other spelling is for `readAcknowledge`, which begins here.
 */
import { MESSAGE_TYPE } from "./message-type.ts";
import { utf8Encode } from "./utf8.ts";
import { UUID_TEXT_LENGTH } from "./uuid.ts";

/** Fifteen digits are always exact as a JavaScript number; longer numbers take the slow way. */
const DIGITS_MAX = 15;

const HEADS = [MESSAGE_TYPE.outputStreamData, MESSAGE_TYPE.inputStreamData].map((messageType) => ({
  messageType,
  bytes: utf8Encode(`{"AcknowledgedMessageType":"${messageType}","AcknowledgedMessageId":"`),
}));
const MIDDLE = utf8Encode('","AcknowledgedMessageSequenceNumber":');
const TAIL = utf8Encode(',"IsSequentialMessage":true}');

/** @returns what the payload says when it has the usual spelling, else undefined */
export function readUsualAcknowledge(
  payload: Uint8Array,
): { messageType: string; messageId: string; sequenceNumber: number } | undefined {
  for (const { messageType, bytes } of HEADS) {
    if (!holds(payload, bytes, 0)) continue;
    const digitsAt = bytes.length + UUID_TEXT_LENGTH + MIDDLE.length;
    const digitCount = payload.length - TAIL.length - digitsAt;
    if (digitCount < 1 || digitCount > DIGITS_MAX) return undefined;
    if (!holds(payload, MIDDLE, bytes.length + UUID_TEXT_LENGTH) || !holds(payload, TAIL, digitsAt + digitCount))
      return undefined;
    const messageId = readIdText(payload, bytes.length);
    const sequenceNumber = readDigits(payload, digitsAt, digitCount);
    return messageId === undefined || sequenceNumber === undefined
      ? undefined
      : { messageType, messageId, sequenceNumber };
  }
  return undefined;
}

function holds(payload: Uint8Array, part: Uint8Array, offset: number): boolean {
  for (let index = 0; index < part.length; index++) if (payload[offset + index] !== part[index]) return false;
  return true;
}

/** Lower-case hex digits and hyphens, in any order: what they mean is of no interest, that nothing needs unescaping is. */
function readIdText(payload: Uint8Array, offset: number): string | undefined {
  let text = "";
  for (let index = 0; index < UUID_TEXT_LENGTH; index++) {
    const code = payload[offset + index] as number;
    const isHexDigit = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (!isHexDigit && code !== 0x2d) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}

/** A JSON integer: no leading zero. */
function readDigits(payload: Uint8Array, offset: number, count: number): number | undefined {
  if (count > 1 && payload[offset] === 0x30) return undefined;
  let value = 0;
  for (let index = 0; index < count; index++) {
    const digit = (payload[offset + index] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
