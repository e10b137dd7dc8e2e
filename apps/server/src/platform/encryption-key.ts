import { createPrivateFile, PrivateFileError, readPrivateFile } from "./private-file.ts";
import { KEY_BYTES } from "./secret-box.ts";

/** Keys of before that stay readable. */
export const OLD_KEYS_MAX = 10;

/** The first seals; the others open what was sealed before it. */
export type EncryptionKeys = readonly [Buffer, ...Buffer[]];

/** Where the keys for secrets at rest come from. */
export type EncryptionKeySource =
  | { kind: "value"; keys: EncryptionKeys }
  | { kind: "file"; path: string }
  | { kind: "data-dir" };

const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * @param text one key, or several separated by commas or line breaks, the newest first
 * @returns undefined when one of them is not base64 of 32 bytes, or they are too many
 */
export function parseEncryptionKeys(text: string): EncryptionKeys | undefined {
  const lines = text.split(/[,\s]+/).filter((line) => line !== "");
  const [first, ...old] = lines.map((line) => (BASE64_KEY.test(line) ? Buffer.from(line, "base64") : undefined));
  const known = old.filter((key) => key !== undefined);
  if (first === undefined || known.length < old.length || known.length > OLD_KEYS_MAX) return undefined;
  return [first, ...known];
}

/**
 * The keys from configuration, else those of the data directory, where one is made at the first start.
 * @throws PrivateFileError with one plain line
 */
export function loadEncryptionKeys(
  source: EncryptionKeySource,
  dataDir: string,
  randomBytes: (size: number) => Uint8Array,
): EncryptionKeys {
  if (source.kind === "value") return source.keys;
  const path = source.kind === "file" ? source.path : `${dataDir}/encryption-key`;
  if (source.kind === "data-dir")
    createPrivateFile(path, `${Buffer.from(randomBytes(KEY_BYTES)).toString("base64")}\n`);
  const keys = parseEncryptionKeys(readPrivateFile(path).toString("utf8"));
  if (keys === undefined)
    throw new PrivateFileError(`${path} does not hold a key: 32 bytes in base64 (openssl rand -base64 32) per line.`);
  return keys;
}
