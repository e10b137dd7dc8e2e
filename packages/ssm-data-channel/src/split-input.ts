// Cuts a run of bytes into message payloads. Pure.

/** Payload bytes of one message. Source: session-manager-plugin src/config/config.go (StreamDataPayloadSize). */
export const CHUNK_BYTES_MAX = 1_024;
/** Longer sequences (clipboard writes, images) are cut anywhere: they take several messages in any case. */
export const SHORT_SEQUENCE_BYTES_MAX = 64;
/** What a chunk has at least when more follows: a cut moves back by at most one short sequence and one character. */
export const CHUNK_BYTES_MIN = CHUNK_BYTES_MAX - SHORT_SEQUENCE_BYTES_MAX - 3;

const ESC = 0x1b;

/**
 * Cuts keystrokes: never inside a UTF-8 character, nor inside a short escape sequence. A program that reads a key such
 * as an arrow or a mouse report with a timeout would otherwise see a lone Escape key when the second half comes late.
 * The chunks are views of `bytes`.
 */
export function splitInput(bytes: Uint8Array): Uint8Array[] {
  return split(bytes, (start, cut) => characterStart(bytes, sequenceStart(bytes, start, cut)));
}

/** Cuts terminal output: never inside a UTF-8 character. The chunks are views of `bytes`. */
export function splitOutput(bytes: Uint8Array): Uint8Array[] {
  return split(bytes, (_start, cut) => characterStart(bytes, cut));
}

function split(bytes: Uint8Array, moveBack: (start: number, cut: number) => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let start = 0;
  while (bytes.length - start > CHUNK_BYTES_MAX) {
    const end = moveBack(start, start + CHUNK_BYTES_MAX);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  if (start < bytes.length) chunks.push(bytes.subarray(start));
  return chunks;
}

/** The first byte of the UTF-8 character that `cut` would divide, or `cut` itself (also when the bytes are no UTF-8). */
function characterStart(bytes: Uint8Array, cut: number): number {
  for (let back = 0; back <= 3; back += 1) {
    const byte = bytes[cut - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? cut - back : cut;
  }
  return cut;
}

/** The ESC of the short sequence that `cut` would divide, or `cut` itself. */
function sequenceStart(bytes: Uint8Array, start: number, cut: number): number {
  let at = Math.max(start + 1, cut - SHORT_SEQUENCE_BYTES_MAX + 1);
  while (at < cut) {
    if (bytes[at] !== ESC) {
      at += 1;
      continue;
    }
    const end = sequenceEnd(bytes, at);
    if (end === undefined) at += 1;
    else if (end > cut) return at;
    else at = end;
  }
  return cut;
}

/** Where the sequence that begins at `at` ends; undefined when it is not short, or not whole in `bytes`. */
function sequenceEnd(bytes: Uint8Array, at: number): number | undefined {
  const limit = Math.min(bytes.length, at + SHORT_SEQUENCE_BYTES_MAX);
  const introducer = bytes[at + 1];
  if (introducer === undefined) return undefined;
  if (introducer === 0x5b) return controlSequenceEnd(bytes, at + 2, limit);
  if (introducer === 0x4f) return at + 3 <= limit ? at + 3 : undefined; // SS3: application keys, F1 to F4
  if (introducer === 0x5d || introducer === 0x50 || introducer === 0x5f || introducer === 0x5e) {
    return stringEnd(bytes, at + 2, limit); // OSC, DCS, APC, PM: colour and device replies
  }
  if (introducer === ESC) {
    const inner = sequenceEnd(bytes, at + 1); // Alt with a special key: ESC before that key's own sequence
    return inner ?? at + 2;
  }
  return at + 2; // Alt with a character
}

/** After `ESC [`: parameters, intermediates, one final byte; X10 mouse reports (`ESC [ M`) have three raw bytes more. */
function controlSequenceEnd(bytes: Uint8Array, from: number, limit: number): number | undefined {
  if (bytes[from] === 0x4d) return from + 4 <= limit ? from + 4 : undefined;
  for (let at = from; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return at + 1;
    if (byte < 0x20 || byte > 0x3f) return undefined; // not a control sequence after all
  }
  return undefined;
}

/** A string sequence ends at BEL or at `ESC \`. */
function stringEnd(bytes: Uint8Array, from: number, limit: number): number | undefined {
  for (let at = from; at < limit; at += 1) {
    if (bytes[at] === 0x07) return at + 1;
    if (bytes[at] === ESC) return bytes[at + 1] === 0x5c && at + 2 <= limit ? at + 2 : undefined;
  }
  return undefined;
}
