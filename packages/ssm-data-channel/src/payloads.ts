/**
 * What is inside the messages of a data channel: names and numbers, and the JSON of acknowledge, channel_closed,
 * agent_session_state, terminal size, flag and exit code (data-channel.md §4, §5). Handshake: handshake-payloads.ts; open messages: open-message.ts.
 * Builders write the spelling of the specification. Readers never throw and give undefined for what they cannot read.
 */
import { readUsualAcknowledge } from "./acknowledge-reader.ts";
import { ChannelError } from "./channel-error.ts";
import { type JsonFields, parseFields } from "./json-fields.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** PayloadType of stream data (§5). 2 and 4 are declared by the real ends and sent by neither. */
export const PAYLOAD_TYPE = {
  none: 0,
  output: 1,
  error: 2,
  size: 3,
  parameter: 4,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  encChallengeRequest: 8,
  encChallengeResponse: 9,
  flag: 10,
  stdErr: 11,
  exitCode: 12,
} as const;

/** Values of a payload of type 10 (§5): the first two go to the agent, the third to the client. */
export const FLAG = { disconnectToPort: 1, terminateSession: 2, connectToPortError: 3 } as const;

/** Bits of the header's Flags field (§3.1). Written as the real ends do, read by nobody. */
export const HEADER_FLAGS = { syn: 1, fin: 2, synFin: 3 } as const;

/** Bounds of Go's int64 as JavaScript numbers. */
const INT64_MAX = 2 ** 63;
const UINT32_MAX = 0xffff_ffff;
/** A terminal has 1..65535 columns and rows: the agent cuts to 16 bits, and 0 means "no size set" (§9.3). */
export const TERMINAL_SIDE_MAX = 65_535;

export interface Acknowledge {
  /** The type of the acknowledged message. */
  messageType: string;
  /** The id of the acknowledged message. */
  messageId: string;
  /** Exact up to 2^53 - 1; whoever looks it up finds nothing for larger ones. */
  sequenceNumber: number;
}

/** For what acknowledges often, `AcknowledgeWriter` makes the whole frame at a third of the cost. */
export function buildAcknowledge(acknowledge: Acknowledge): Uint8Array {
  if (!Number.isSafeInteger(acknowledge.sequenceNumber))
    throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "sequenceNumber must be a safe integer");
  return json({
    AcknowledgedMessageType: acknowledge.messageType,
    AcknowledgedMessageId: acknowledge.messageId,
    AcknowledgedMessageSequenceNumber: acknowledge.sequenceNumber,
    IsSequentialMessage: true,
  });
}

export function readAcknowledge(payload: Uint8Array): Acknowledge | undefined {
  const usual = readUsualAcknowledge(payload);
  if (usual) return usual;
  return readFields(payload, (fields) => {
    fields.boolean("IsSequentialMessage"); // always true when written, never used when read
    return {
      messageType: fields.text("AcknowledgedMessageType"),
      messageId: fields.text("AcknowledgedMessageId"),
      sequenceNumber: fields.integer("AcknowledgedMessageSequenceNumber", -INT64_MAX, INT64_MAX),
    };
  });
}

export interface ChannelClosed {
  messageId: string;
  /** The instance. */
  destinationId: string;
  sessionId: string;
  /** Milliseconds since 1970 UTC; on the wire it is text. 0 when not readable. */
  createdDateMs: number;
  /** Why the session ended, for the person; "" when it just ended. */
  output: string;
}

export function buildChannelClosed(closed: ChannelClosed): Uint8Array {
  return json({
    MessageType: MESSAGE_TYPE.channelClosed,
    MessageId: closed.messageId,
    DestinationId: closed.destinationId,
    SessionId: closed.sessionId,
    SchemaVersion: 1,
    CreatedDate: String(closed.createdDateMs),
    Output: closed.output,
  });
}

/**
 * The session has ended whatever this says (§4.2): a caller takes undefined for an empty `output`. Therefore a field of
 * the wrong kind only counts as missing here.
 */
export function readChannelClosed(payload: Uint8Array): ChannelClosed | undefined {
  const fields = parseFields(payload);
  if (!fields) return undefined;
  const createdDateMs = Number(fields.text("CreatedDate"));
  return {
    messageId: fields.text("MessageId"),
    destinationId: fields.text("DestinationId"),
    sessionId: fields.text("SessionId"),
    createdDateMs: Number.isSafeInteger(createdDateMs) ? createdDateMs : 0,
    output: fields.text("Output"),
  };
}

export interface AgentSessionState {
  /** "Connected" once at the start; "Terminating" when the process ended by itself (§4.4). */
  sessionState: "Connected" | "Terminating" | (string & {});
  sessionId: string;
}

export function buildAgentSessionState(state: AgentSessionState): Uint8Array {
  return json({ SchemaVersion: 1, SessionState: state.sessionState, SessionId: state.sessionId });
}

export function readAgentSessionState(payload: Uint8Array): AgentSessionState | undefined {
  return readFields(payload, (fields) => {
    fields.integer("SchemaVersion", -INT64_MAX, INT64_MAX);
    return { sessionState: fields.text("SessionState"), sessionId: fields.text("SessionId") };
  });
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

/** @throws ChannelError CHANNEL_VALUE_OUT_OF_RANGE unless both are integers of 1..65535 */
export function buildSize(size: TerminalSize): Uint8Array {
  for (const side of [size.cols, size.rows])
    if (!Number.isInteger(side) || side < 1 || side > TERMINAL_SIDE_MAX)
      throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "a terminal has 1..65535 columns and rows");
  return json({ cols: size.cols, rows: size.rows });
}

/** @returns unsigned 32-bit numbers as the peer sent them, 0 included: what a pty takes is for the caller to decide */
export function readSize(payload: Uint8Array): TerminalSize | undefined {
  return readFields(payload, (fields) => ({
    cols: fields.integer("cols", 0, UINT32_MAX),
    rows: fields.integer("rows", 0, UINT32_MAX),
  }));
}

/** @param flag one of FLAG */
export function buildFlag(flag: number): Uint8Array {
  if (!Number.isInteger(flag) || flag < 0 || flag > UINT32_MAX)
    throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "a flag is an unsigned 32-bit integer");
  return Uint8Array.of(flag >>> 24, flag >>> 16, flag >>> 8, flag);
}

/** @returns the first four bytes as a number, as the agent reads them; undefined when there are fewer */
export function readFlag(payload: Uint8Array): number | undefined {
  const [b0, b1, b2, b3] = payload;
  if (b0 === undefined || b1 === undefined || b2 === undefined || b3 === undefined) return undefined;
  return ((b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
}

const EXIT_CODE_TEXT = /^EXIT_CODE: (-?\d{1,10})$/;

/** The exit status of a command as payload type 12 carries it: text, not a number (§5). */
export function buildExitCode(exitCode: number): Uint8Array {
  if (!Number.isSafeInteger(exitCode))
    throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "an exit code is an integer");
  return utf8Encode(`EXIT_CODE: ${exitCode}`);
}

/** @returns the exit status, or undefined when the text is another one */
export function readExitCode(payload: Uint8Array): number | undefined {
  const digits = EXIT_CODE_TEXT.exec(utf8Decode(payload).trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** @returns a value as compact JSON in UTF-8 */
export function json(value: unknown): Uint8Array {
  return utf8Encode(JSON.stringify(value));
}

/** Reads an object's fields; undefined when there is no object or one of the fields is of the wrong kind. */
export function readFields<T>(source: Uint8Array | string, read: (fields: JsonFields) => T | undefined): T | undefined {
  const fields = parseFields(source);
  if (!fields) return undefined;
  const value = read(fields);
  return fields.isMistyped ? undefined : value;
}
