/** What a program asks of the clipboard (OSC 52): `<targets>;<base64>`. Reading it is never answered. Pure. */

/** Longest text that a program may hand over, in bytes. */
export const PROGRAM_COPY_BYTES_MAX = 1024 * 1024;

/** @returns the text to be written; undefined: a question, or nothing that can be read */
export function programCopy(data: string): string | undefined {
  const at = data.indexOf(";");
  const encoded = data.slice(at + 1);
  if (at < 0 || encoded === "" || encoded === "?") return undefined;
  if (encoded.length > (PROGRAM_COPY_BYTES_MAX * 4) / 3 + 4) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
