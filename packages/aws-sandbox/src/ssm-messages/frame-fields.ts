/**
 * The few header fields the gateway looks at, without the digest: a relay must not pay for a hash per frame, and the real
 * service passes frames with wrong digests on (data-channel.md §18.5). The ends check them.
 */
import { readFrame } from "@causeway/ssm-data-channel";

/** Header and payload length of a full header. Frames of 116..119 bytes crash the real plugin (data-channel.md §3.4). */
export const RELAYABLE_BYTES_MIN = 120;
const MESSAGE_ID_OFFSET = 64;
const MESSAGE_ID_END = 80;

export type RelayVerdict =
  | { ok: true; messageType: string; payloadType: number }
  | { ok: false; reason: "short" | "header-length" };

/** May this frame reach a peer? What fails here would end a real peer's receive loop, or crash it. */
export function relayVerdict(bytes: Uint8Array): RelayVerdict {
  const frame = readFrame(bytes, noDigest);
  if (frame.rejection === "short" || frame.rejection === "header-length") return { ok: false, reason: frame.rejection };
  if (bytes.length < RELAYABLE_BYTES_MIN) return { ok: false, reason: "short" };
  return { ok: true, messageType: frame.messageType, payloadType: frame.payloadType };
}

/** A key for comparing, not the uuid's text. The frame must have passed `relayVerdict`. */
export const messageIdOf = (frame: Uint8Array): string =>
  Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("latin1", MESSAGE_ID_OFFSET, MESSAGE_ID_END);

const NO_DIGEST = new Uint8Array(0);
const noDigest = (): Uint8Array => NO_DIGEST;
