/**
 * What a viewer's page may do to a session and is told of it. Here the class of a link is kept: with a view-only ticket there is
 * no way from a frame to the shell.
 */

import { CLOSE_SHARE_ENDED } from "@causeway/wire-contract/sharing";
import { UNSTORED_INPUT_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import { CLOSE_ENDED, type ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { Attachment, ReaderSink } from "../sessions/index.ts";
import type { ShareClass } from "./share-secret.ts";
import type { ViewerSeat } from "./shared-terminal.ts";

/**
 * Keys that may still come when the keyboard was taken back, in bytes: what a page may have sent unstored, twice. They count as
 * done, so that they are never sent again later; a page that goes on is cut.
 */
export const LATE_INPUT_BYTES_MAX = 2 * UNSTORED_INPUT_BYTES_MAX;

/** The owner's matters are left out, and the session's end is the link's. */
export function viewerSink(sink: ReaderSink): ReaderSink {
  return {
    sendOutput: (bytes) => sink.sendOutput(bytes),
    sendCheckpoint: (bytes) => sink.sendCheckpoint(bytes),
    sendMessage(message: ServerMessage) {
      if (message.type === "time-left" || message.type === "control") return;
      if (message.type === "ended") {
        const { at, by } = message.end;
        sink.sendMessage({ type: "share-ended", why: "session-ended", end: { at, by } });
      } else sink.sendMessage(message);
    },
    close: (code, reason) =>
      code === CLOSE_ENDED ? sink.close(CLOSE_SHARE_ENDED, "SHARE_ENDED") : sink.close(code, reason),
  };
}

/** Keys of somebody who may not type now, or never might. */
export class ViewerInput {
  readonly #seat: ViewerSeat;
  #lateBytes = 0;

  constructor(seat: ViewerSeat) {
    this.#seat = seat;
  }

  /** The session's rule for this page. */
  typing = (bytes: number): "take" | "swallow" => {
    const verdict = this.#seat.typing(bytes);
    if (verdict === "take") this.#lateBytes = 0;
    return verdict;
  };

  attachment(shareClass: ShareClass, attachment: Attachment): Attachment {
    return {
      ...attachment,
      input: (offset, origin, bytes) => {
        if (shareClass === "view" || !this.#seat.mightHaveTyped) return "SHARE_VIEW_ONLY";
        this.#lateBytes += bytes.length;
        if (this.#lateBytes > LATE_INPUT_BYTES_MAX) return "SHARE_VIEW_ONLY";
        return attachment.input(offset, origin, bytes);
      },
      typeWithoutNet: () => false,
      share: (message) => this.#seat.handle(message),
      detach: () => {
        attachment.detach();
        this.#seat.close();
      },
    };
  }
}
