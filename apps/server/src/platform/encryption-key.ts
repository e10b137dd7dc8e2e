import { createPrivateFile, PrivateFileError, readPrivateFile } from "./private-file.ts";
import { KEY_BYTES } from "./secret-box.ts";

/** Where the key for secrets at rest comes from. */
export type EncryptionKeySource =
  | { kind: "value"; key: Buffer }
  | { kind: "file"; path: string }
  | { kind: "data-dir" };

const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** @returns the 32 bytes; undefined when the text is not base64 of 32 bytes */
export function parseEncryptionKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  return BASE64_KEY.test(trimmed) ? Buffer.from(trimmed, "base64") : undefined;
}

/**
 * The key from configuration, else the one of the data directory, which is made at the first start.
 * @throws PrivateFileError with one plain line
 */
export function loadEncryptionKey(
  source: EncryptionKeySource,
  dataDir: string,
  randomBytes: (size: number) => Uint8Array,
): Buffer {
  if (source.kind === "value") return source.key;
  const path = source.kind === "file" ? source.path : `${dataDir}/encryption-key`;
  if (source.kind === "data-dir")
    createPrivateFile(path, `${Buffer.from(randomBytes(KEY_BYTES)).toString("base64")}\n`);
  const key = parseEncryptionKey(readPrivateFile(path).toString("utf8"));
  if (key === undefined)
    throw new PrivateFileError(`${path} does not hold a key: 32 bytes in base64 (openssl rand -base64 32).`);
  return key;
}
