import * as crypto from "node:crypto";

/** The one-shot call of Node 20.12+ and 21.7+: the call into OpenSSL costs more than the hashing. */
export function nativeSha256(data: Uint8Array): Uint8Array {
  return crypto.hash("sha256", data, "buffer");
}

/** The same as hex digits, as the server asks for it. */
export function nativeSha256Hex(data: Uint8Array): string {
  return crypto.hash("sha256", data, "hex");
}
