// Who may approve a code. Any user of this machine reaches the page, and a role of the sandbox opens shells of whoever started it:
// so a code is approved only with the passcode of this start, which stands in the people's file.
import { equalInConstantTime } from "../http/verify-request.ts";

/** Wrong passcodes per minute, of everybody together: 40 bits are then out of reach. */
export const WRONG_PASSCODES_MAX = 20;
const WINDOW_MS = 60_000;
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789";
const PASSCODE_CHARS = 9;

export class PortalPasscode {
  readonly text: string;
  #wrong = 0;
  #windowEndsAtMs = 0;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.text = [...randomBytes(PASSCODE_CHARS)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
  }

  /** @returns "wait" when there were too many wrong ones within the last minute */
  check(text: string, nowMs: number): "right" | "wrong" | "wait" {
    if (nowMs >= this.#windowEndsAtMs) {
      this.#wrong = 0;
      this.#windowEndsAtMs = nowMs + WINDOW_MS;
    }
    if (this.#wrong >= WRONG_PASSCODES_MAX) return "wait";
    if (equalInConstantTime(text.trim().toUpperCase(), this.text)) return "right";
    this.#wrong++;
    return "wrong";
  }
}
