/**
 * What this domain asks of sharing/: every page at a terminal, the owner's and a viewer's, has a seat among those who share it.
 * Declared here and implemented there, so that a shell without sharing is the same shell.
 */
import type { BrowserMessage, ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { AwsIdentity } from "../identity/index.ts";
import type { TypingRule } from "./readers/session-reader.ts";
import type { RequestOrigin } from "./session-audit.ts";

export type SharingPageMessage = Extract<BrowserMessage, { type: "keyboard" | "pointer" | "scroll" }>;

export interface Seat {
  /** Asked for each batch of keys before it is taken. */
  typing: TypingRule;
  /** The page knows where it stands (`attached`): from now on it may be told who else is here. */
  open(): void;
  handle(message: SharingPageMessage): void;
  /** Idempotent. */
  close(): void;
}

export interface SharedTerminals {
  /** A page of the owner's comes. */
  ownerSeat(sessionId: string, owner: AwsIdentity, from: RequestOrigin, send: (message: ServerMessage) => void): Seat;
  /** The session has ended, whoever ended it. */
  handleSessionEnded(sessionId: string): void;
}
