/** A page of a terminal without a browser: it says on the attach websocket what it likes, well formed or not. */
import { randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import type WebSocket from "ws";
import type { ApiPerson } from "./api-person.ts";

const INPUT_FRAME = 0x10;
const [OUTPUT_FRAME, CHECKPOINT_FRAME] = [0x01, 0x02];

export class AttachedPage {
  readonly streamId: Buffer = randomBytes(16);
  readonly messages: Record<string, unknown>[] = [];
  /** What was printed, or was in a checkpoint. */
  text = "";
  /** Code and reason, once it is closed. */
  closed: string | undefined;
  readonly #socket: WebSocket;
  #typed = 0;

  /** @param path of a session or a share. @param size of its window, as it tells it */
  static async open(person: ApiPerson, path: string, size: { cols: number; rows: number }): Promise<AttachedPage> {
    const { body } = await person.request("POST", `${path}/attach-ticket`);
    const page = new AttachedPage(person.socket(`${path}/attach`), String(body.ticket), size);
    await expect.poll(() => page.closed ?? page.messages.some(({ type }) => type === "attached")).toBe(true);
    return page;
  }

  private constructor(socket: WebSocket, ticket: string, size: { cols: number; rows: number }) {
    this.#socket = socket;
    const streamId = this.streamId.toString("hex");
    socket.on("open", () => {
      this.say({ type: "ticket", ticket });
      this.say({ type: "attach", offset: null, streamId, ...size, visible: true });
    });
    socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) this.messages.push(JSON.parse(data.toString()));
      else if (data[0] === OUTPUT_FRAME || data[0] === CHECKPOINT_FRAME) this.text += data.subarray(1).toString();
    });
    socket.on("close", (code, reason) => {
      this.closed = `${code} ${reason}`;
    });
    socket.on("error", () => undefined);
  }

  say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** @param isReply as if a terminal had answered a query */
  type(text: string, isReply = false): void {
    const head = Buffer.alloc(8);
    head.writeDoubleBE(this.#typed);
    this.#typed += Buffer.byteLength(text);
    this.send(Buffer.concat([Buffer.from([INPUT_FRAME, isReply ? 1 : 0]), this.streamId, head, Buffer.from(text)]));
  }

  send(frame: Buffer): void {
    this.#socket.send(frame);
  }

  leave(): void {
    this.#socket.terminate();
  }
}
