/** Secrets of links: made once, kept only as a hash that also binds what the link may ever become. */
import { createHash, timingSafeEqual } from "node:crypto";

/** `view` can never come to the keyboard; the class is part of the secret, of its hash and of every ticket. */
export type ShareClass = "view" | "keyboard";

/** 256 bits. */
export const SECRET_BYTES = 32;
const LETTER: Record<ShareClass, string> = { view: "v", keyboard: "k" };

/** @param random SECRET_BYTES bytes. @returns what stands behind the # of the link */
export function makeSecret(shareClass: ShareClass, random: Uint8Array): string {
  return LETTER[shareClass] + Buffer.from(random).toString("base64url");
}

/** Hex SHA-256 over link, class and secret: a hash copied to another link or class fits nothing. */
export function secretHash(shareId: string, shareClass: ShareClass, secret: string): string {
  return createHash("sha256").update(`causeway share\0${shareId}\0${shareClass}\0${secret}`).digest("hex");
}

/** What somebody says is the secret of a link, as far as it is needed to find out: worthless for another link. */
export interface SecretGuess {
  readonly shareClass: ShareClass;
  readonly secretHash: string;
}

export function guessOf(shareId: string, secret: string): SecretGuess {
  const shareClass = secret.startsWith(LETTER.view) ? "view" : "keyboard";
  return { shareClass, secretHash: secretHash(shareId, shareClass, secret) };
}

/**
 * Takes the same time for a link that there is and one that there is not.
 * @param stored of the link; undefined: there is none
 */
export function fitsSecret({ shareClass, secretHash: said }: SecretGuess, stored: SecretGuess | undefined): boolean {
  const guess = Buffer.from(said, "hex");
  const kept = stored === undefined ? Buffer.alloc(guess.length) : Buffer.from(stored.secretHash, "hex");
  const isSame = kept.length === guess.length && timingSafeEqual(guess, kept);
  return isSame && stored?.shareClass === shareClass;
}
