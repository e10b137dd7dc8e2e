/** The captured frames of vectors.json: what the two real ends read from them, and the verdict that is right for us. */
import { readFileSync } from "node:fs";

export interface DecodedFields {
  headerLength: number;
  messageType: string;
  schemaVersion: number;
  /** 64-bit fields are decimal text. */
  createdDate: string;
  sequenceNumber: string;
  flags: string;
  messageId: string;
  payloadDigestHex: string;
  payloadType: number;
  payloadLength: number;
  payloadHex: string;
}

export interface Vector {
  id: string;
  origin: "serializer" | "edited" | "hand-made";
  frameHex: string;
  decoded: DecodedFields | null;
  recommended: { accept: boolean; reason?: string; warn?: string };
}

const file = JSON.parse(readFileSync(new URL("./vectors.json", import.meta.url), "utf8")) as { vectors: Vector[] };

export const vectors: readonly Vector[] = file.vectors;

export const bytesOfHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export function vectorFrame(id: string): Uint8Array {
  return bytesOfHex(vectorNamed(id).frameHex);
}

/** The JSON that the real programs sent in this frame. */
export function vectorPayload(id: string): Uint8Array {
  return bytesOfHex(vectorNamed(id).decoded?.payloadHex ?? "");
}

function vectorNamed(id: string): Vector {
  const vector = vectors.find((candidate) => candidate.id === id);
  if (!vector) throw new Error(`no vector ${id}`);
  return vector;
}
