/**
 * Our own mistakes. Code that uses this package wrongly gets a ChannelError thrown at it, at once.
 * What the peer does wrong never throws: it becomes a rejection, an event or `undefined`.
 */
export type ChannelErrorCode =
  | "CHANNEL_EMPTY_PAYLOAD"
  | "CHANNEL_MESSAGE_TYPE_TOO_LONG"
  | "CHANNEL_INVALID_UUID"
  | "CHANNEL_VALUE_OUT_OF_RANGE"
  | "CHANNEL_SEND_BUFFER_FULL"
  | "CHANNEL_NOT_RUNNING";

/** Thrown for a mistake of the caller. The message never holds payload bytes, tokens or keys. */
export class ChannelError extends Error {
  readonly code: ChannelErrorCode;

  constructor(code: ChannelErrorCode, message: string) {
    super(message);
    this.name = "ChannelError";
    this.code = code;
  }
}
