/**
 * Finds AWS keys in pasted text: `export AWS_…=`, `set AWS_…=`, `$Env:AWS_…=`, an ini section of `~/.aws/credentials`,
 * or the JSON of `aws sts get-session-token`. Pure; nothing is kept.
 */
export interface PastedCredentials {
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
}

/** Longer text is not a block of keys. Characters. */
export const PASTE_LENGTH_MAX = 16_384;

const NAMES: Readonly<Record<string, keyof PastedCredentials>> = {
  accesskeyid: "accessKeyId",
  secretaccesskey: "secretAccessKey",
  sessiontoken: "sessionToken",
};

const ASSIGNMENT = /(?:AWS_?)?(ACCESS_?KEY_?ID|SECRET_?ACCESS_?KEY|SESSION_?TOKEN)["']?\s*[:=]\s*["']?([^\s"',;]+)/gi;

/** @returns the fields found, or undefined when the text is an ordinary value to paste into one field */
export function readPastedCredentials(text: string): PastedCredentials | undefined {
  if (text.length > PASTE_LENGTH_MAX) return undefined;
  const found: PastedCredentials = {};
  for (const [, name = "", value = ""] of text.matchAll(ASSIGNMENT)) {
    const field = NAMES[name.toLowerCase().replaceAll("_", "")];
    if (field) found[field] = value;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}
