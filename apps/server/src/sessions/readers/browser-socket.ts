/**
 * One browser websocket: ticket, attach, then frames both ways (architecture §5). It translates between the contract and
 * an Attachment; what the frames mean is decided in LiveSession.
 */
import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import { type BrowserFrame, decodeBrowserFrame } from "@causeway/wire-contract/terminal-frames";
import { type BrowserMessage, CLOSE_BY_ERROR, type ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { WebSocket } from "ws";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/logger.ts";
import { pingUntilSilent } from "../../platform/socket-pings.ts";
import type { TerminalSize } from "../log/session-log.ts";
import type { Attachment, AttachRequest } from "./attachment.ts";
import { readBrowserMessage } from "./browser-messages.ts";
import { type FrameStream, PageFrames } from "./page-frames.ts";
import type { ReaderSink } from "./session-reader.ts";

/** From the upgrade to a valid attach, in milliseconds. */
export const ATTACH_WITHIN_MS = 10_000;
/** Output is bounded by the credit; this bounds the small messages towards a page that stopped reading, in bytes. */
export const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;
/** After our close frame the page may take so long to answer it, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

export interface BrowserSocketDeps {
  /** What the websocket's library writes to: output goes there past it. */
  stream: FrameStream;
  clock: Clock;
  log: Log;
  redeemTicket(ticket: string): boolean;
  /** May take a while: a viewer's first screen is made. @throws CatalogError, or rejects with one */
  attach(request: Omit<AttachRequest, "person">): Attachment | Promise<Attachment>;
}

type Phase = "ticket" | "attach" | "attached" | "closed";

export class BrowserSocket implements ReaderSink {
  readonly #socket: WebSocket;
  readonly #deps: BrowserSocketDeps;
  readonly #frames: PageFrames;
  #phase: Phase = "ticket";
  #attachment: Attachment | undefined;
  #streamId = "";
  /** What the page said while its attachment was being made. */
  #latest: { size?: TerminalSize; visible?: boolean } = {};
  #heardAtMs: number;
  #cancelTimer: () => void;
  #cancelClose = () => {};

  constructor(socket: WebSocket, deps: BrowserSocketDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#frames = new PageFrames(deps.stream);
    const nowMs = deps.clock.nowMs();
    this.#heardAtMs = nowMs;
    this.#cancelTimer = deps.clock.setTimer(nowMs + ATTACH_WITHIN_MS, () => this.#fail("ATTACH_TIMEOUT"));
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#heard();
      if (isBinary) this.#handleFrame(data);
      else this.#handleMessage(data);
    });
    socket.on("pong", () => this.#heard());
    socket.on("error", (error) => deps.log.debug({ err: error }, "attach websocket failed"));
    socket.on("close", () => this.#closed());
  }

  // --- towards the page

  sendOutput(bytes: Uint8Array): void {
    if (this.#maySend()) this.#frames.send("output", bytes);
  }

  sendCheckpoint(bytes: Uint8Array): void {
    if (this.#maySend()) this.#frames.send("checkpoint", bytes);
  }

  sendMessage(message: ServerMessage): void {
    if (!this.#maySend()) return;
    this.#frames.flush();
    this.#socket.send(JSON.stringify(message));
  }

  close(code: number, reason: string): void {
    if (this.#phase === "closed") return;
    this.#detach();
    this.#frames.flush();
    this.#socket.close(code, reason);
    const { clock } = this.#deps;
    this.#cancelClose = clock.setTimer(clock.nowMs() + CLOSE_GRACE_MS, () => this.#socket.terminate());
  }

  #maySend(): boolean {
    if (this.#phase === "closed" || this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount <= BUFFERED_BYTES_MAX) return true;
    this.#deps.log.info({}, "a page does not read: its websocket is cut");
    this.#detach();
    this.#socket.terminate();
    return false;
  }

  // --- from the page

  #handleMessage(data: Uint8Array): void {
    if (this.#phase === "closed") return;
    const message = readBrowserMessage(data);
    if (message === undefined) this.#fail("ATTACH_PROTOCOL_ERROR");
    else if (this.#phase === "ticket") this.#handleTicket(message);
    else if (this.#phase === "attach") this.#handleAttach(message);
    else this.#handleLater(message);
  }

  #handleTicket(message: BrowserMessage): void {
    if (message.type !== "ticket") this.#fail("ATTACH_PROTOCOL_ERROR");
    else if (!this.#deps.redeemTicket(message.ticket)) this.#fail("ATTACH_TICKET_INVALID");
    else this.#phase = "attach";
  }

  #handleAttach(message: BrowserMessage): void {
    if (message.type !== "attach") {
      this.#fail("ATTACH_PROTOCOL_ERROR");
      return;
    }
    const { offset, streamId, cols, rows, visible } = message;
    this.#cancelTimer();
    this.#phase = "attached";
    this.#streamId = streamId;
    try {
      const attachment = this.#deps.attach({ offset, streamId, size: { cols, rows }, visible, sink: this });
      if (attachment instanceof Promise) attachment.then((made) => this.#attached(made)).catch(this.#refused);
      else this.#attached(attachment);
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused = (error: unknown): void => {
    this.#fail(error instanceof CatalogError ? error.code : "INTERNAL_ERROR");
    if (!(error instanceof CatalogError)) this.#deps.log.error({ err: error }, "attach failed");
  };

  #attached(attachment: Attachment): void {
    this.#attachment = attachment;
    const { size, visible } = this.#latest;
    // An ended session says all it has to say while attaching; a page may leave while its attachment is made.
    if (this.#hasClosed()) {
      attachment.detach();
      return;
    }
    this.#cancelTimer = pingUntilSilent(this.#socket, this.#deps.clock, () => this.#heardAtMs);
    if (size !== undefined) attachment.resize(size);
    if (visible !== undefined) attachment.setVisible(visible);
  }

  #handleLater(message: BrowserMessage): void {
    switch (message.type) {
      case "resize":
        this.#latest.size = { cols: message.cols, rows: message.rows };
        this.#attachment?.resize(this.#latest.size);
        return;
      case "visibility":
        this.#latest.visible = message.visible;
        this.#attachment?.setVisible(message.visible);
        return;
      case "type-without-net":
        this.#attachment?.typeWithoutNet(message.confirmed);
        return;
      case "ping":
        this.sendMessage({ type: "pong", id: message.id });
        return;
      case "keyboard":
      case "pointer":
      case "scroll":
        this.#attachment?.share?.(message);
        return;
      case "ticket":
      case "attach":
        this.#fail("ATTACH_PROTOCOL_ERROR");
        return;
      default:
        message satisfies never;
    }
  }

  #handleFrame(data: Uint8Array): void {
    if (this.#phase === "closed") return;
    const frame = this.#phase === "attached" ? decodeBrowserFrame(data) : undefined;
    const isOurs = frame !== undefined && (frame.kind !== "input" || frame.streamId === this.#streamId);
    if (frame === undefined || !isOurs) {
      this.#fail("ATTACH_PROTOCOL_ERROR");
      return;
    }
    const refusal = this.#attachment && take(this.#attachment, frame);
    if (refusal !== undefined) this.#fail(refusal);
  }

  // --- life and end

  #fail(code: ErrorCode): void {
    this.sendMessage({ type: "error", code, retryable: ERROR_CATALOG[code].retryable });
    this.close(CLOSE_BY_ERROR, code);
  }

  #heard(): void {
    this.#heardAtMs = this.#deps.clock.nowMs();
  }

  #detach(): void {
    this.#phase = "closed";
    this.#cancelTimer();
    this.#attachment?.detach();
  }

  #hasClosed(): boolean {
    return this.#phase === "closed";
  }

  #closed(): void {
    this.#cancelClose();
    this.#detach();
  }
}

function take(attachment: Attachment, frame: BrowserFrame): ErrorCode | undefined {
  switch (frame.kind) {
    case "input":
      return attachment.input(frame.offset, frame.origin, frame.bytes);
    case "ack":
      return attachment.acknowledge(frame.offset);
    case "checkpoint-ack":
      return attachment.acknowledgeCheckpoint(frame.id, frame.bytes);
    default:
      return frame satisfies never;
  }
}
