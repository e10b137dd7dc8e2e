/** What a page that attaches brings, and what it gets: the contract between a session and whoever carries it to a browser. */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { InputOrigin } from "@causeway/wire-contract/terminal-frames";
import type { TerminalSize } from "../log/session-log.ts";
import type { SharingPageMessage } from "../seat.ts";
import type { ReaderOptions } from "./session-reader.ts";

/** Who is behind a reader: for attribution, never for authorisation, which came before. */
export interface ReaderPerson {
  ownerKey: string;
  name: string;
}

export interface AttachRequest extends ReaderOptions {
  /** What the page has; null: nothing. */
  offset: number | null;
  person: ReaderPerson;
}

/** One attached page. `input` and `acknowledge` answer with a catalog code when the page broke the contract. */
export interface Attachment {
  input(offset: number, origin: InputOrigin, bytes: Uint8Array): ErrorCode | undefined;
  acknowledge(offset: number): ErrorCode | undefined;
  /** @param bytes of checkpoint `id` that the page has parsed */
  acknowledgeCheckpoint(id: number, bytes: number): ErrorCode | undefined;
  resize(size: TerminalSize): void;
  setVisible(visible: boolean): void;
  /** What a page says to those who share the terminal; absent: there is nobody. */
  share?(message: SharingPageMessage): void;
  /** Input may pass although the log takes nothing, or may not any more. @returns false: nothing changed */
  typeWithoutNet(confirmed: boolean): boolean;
  /** Idempotent; the session lives on. */
  detach(): void;
}
