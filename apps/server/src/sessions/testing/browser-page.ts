/** For tests: what the page's connection does, over a real websocket, as the wire contract says. */
import { randomBytes } from "node:crypto";
import {
  decodeServerFrame,
  encodeAckFrame,
  encodeCheckpointAckFrame,
  encodeInputFrame,
  type InputOrigin,
  TERMINAL_SUBPROTOCOL,
} from "@causeway/wire-contract/terminal-frames";
import { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { Compile } from "typebox/compile";
import { WebSocket } from "ws";

const check = Compile(ServerMessage);

export class BrowserPage {
  readonly streamId: string;
  readonly socket: WebSocket;
  output = Buffer.alloc(0);
  /** What came of the checkpoint that was announced last. */
  checkpoint = Buffer.alloc(0);
  readonly messages: ServerMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  acknowledges = true;
  offset = 0;
  typed = 0;
  #watchers = new Set<() => void>();

  constructor(url: string, headers: Record<string, string>, streamId = randomBytes(16).toString("hex")) {
    this.streamId = streamId;
    this.socket = new WebSocket(url, TERMINAL_SUBPROTOCOL, { headers });
    this.socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#takeFrame(data);
      else this.#takeMessage(JSON.parse(data.toString()));
      this.#changed();
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
    this.socket.on("error", () => this.#changed());
  }

  get text(): string {
    return this.output.toString();
  }

  async introduce(
    ticket: string,
    attach: { offset?: number | null; cols?: number; rows?: number } = {},
  ): Promise<void> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN, "open");
    this.say({ type: "ticket", ticket });
    const { offset = null, cols = 80, rows = 24 } = attach;
    this.say({ type: "attach", offset, streamId: this.streamId, cols, rows, visible: true });
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  type(text: string, origin: InputOrigin = "human", offset = this.typed): void {
    const bytes = Buffer.from(text);
    this.socket.send(encodeInputFrame({ streamId: this.streamId, offset, origin, bytes }));
    this.typed = offset + bytes.length;
  }

  acknowledge(): void {
    this.socket.send(encodeAckFrame(this.offset));
  }

  last<T extends ServerMessage["type"]>(type: T): Extract<ServerMessage, { type: T }> | undefined {
    return this.messages.findLast((message) => message.type === type) as
      | Extract<ServerMessage, { type: T }>
      | undefined;
  }

  /** Waits for what must become true. */
  async until(holds: () => boolean, what: string): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.once("open", () => this.#changed());
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(
          new Error(`waited in vain: ${what}; saw ${JSON.stringify(this.messages.slice(-3))} ${this.text.slice(-200)}`),
        );
      }, 15_000);
      const look = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #takeFrame(data: Uint8Array): void {
    const frame = decodeServerFrame(data);
    if (frame === undefined) throw new Error("a frame breaks the contract");
    if (frame.kind === "checkpoint") {
      this.checkpoint = Buffer.concat([this.checkpoint, frame.bytes]);
      const { id = 0 } = this.#announced() ?? {};
      if (this.acknowledges) this.socket.send(encodeCheckpointAckFrame({ id, bytes: this.checkpoint.length }));
      return;
    }
    if (this.checkpoint.length !== (this.#announced()?.bytes ?? 0)) throw new Error("output before its checkpoint");
    this.output = Buffer.concat([this.output, frame.bytes]);
    this.offset += frame.bytes.length;
    if (this.acknowledges) this.acknowledge();
  }

  /** The checkpoint that comes before the output. */
  #announced() {
    const { messages } = this;
    const placed = messages.findLast((message) => message.type === "attached" || message.type === "reset");
    return placed?.type === "attached" || placed?.type === "reset" ? placed.checkpoint : undefined;
  }

  #takeMessage(message: unknown): void {
    if (!check.Check(message)) throw new Error(`a message breaks the contract: ${JSON.stringify(message)}`);
    this.messages.push(message);
    if (message.type !== "attached" && message.type !== "reset") return;
    this.offset = message.offset;
    this.checkpoint = Buffer.alloc(0);
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }
}
