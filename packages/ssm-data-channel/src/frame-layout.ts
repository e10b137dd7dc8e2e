/**
 * Where the fields of a data channel frame are, in bytes from its start; integers are big-endian.
 * Source: data-channel.md §3.1 and §3.6 (session-manager-plugin, message/clientmessage.go).
 */

/** HeaderLength of every frame that client and agent write: the offset of PayloadLength. */
export const HEADER_LENGTH = 116;
/** HeaderLength of the older header without PayloadType, which the service itself seems to write (§3.6). */
export const HEADER_LENGTH_SHORT = 112;
/** PayloadLength, between header and payload. */
export const PAYLOAD_LENGTH_SIZE = 4;
/** Where the payload begins in a frame that we write. */
export const PAYLOAD_OFFSET = HEADER_LENGTH + PAYLOAD_LENGTH_SIZE;
/** The shortest frame there can be: a short header and no payload. */
export const FRAME_BYTES_MIN = HEADER_LENGTH_SHORT + PAYLOAD_LENGTH_SIZE;

export const MESSAGE_TYPE_OFFSET = 4;
/** Width of the MessageType field; what is longer cannot be sent. */
export const MESSAGE_TYPE_BYTES = 32;
export const SCHEMA_VERSION_OFFSET = 36;
export const CREATED_DATE_OFFSET = 40;
export const SEQUENCE_NUMBER_OFFSET = 48;
export const FLAGS_OFFSET = 56;
export const MESSAGE_ID_OFFSET = 64;
export const DIGEST_OFFSET = 80;
export const DIGEST_BYTES = 32;
export const PAYLOAD_TYPE_OFFSET = 112;
