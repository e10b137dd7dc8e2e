/**
 * What browsers do, without rendering: attach, count what arrives, acknowledge it as the page does, type keys and wait for
 * their echo. A process of its own, started twice: one for the pages of busy sessions, one for the person who types.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { encodeAgentMessage } from "@causeway/ssm-data-channel";
import {
  ACK_EVERY_BYTES,
  decodeServerFrame,
  encodeAckFrame,
  encodeCheckpointAckFrame,
  encodeInputFrame,
  TERMINAL_SUBPROTOCOL,
} from "@causeway/wire-contract/terminal-frames";
import { WebSocket } from "ws";
import { nativeSha256 } from "../lib/native-sha256.ts";
import { serveCalls } from "../lib/processes.ts";

/** A key without an echo after so long is lost, in milliseconds. */
const ECHO_WITHIN_MS = 30_000;
const CONNECT_WITHIN_MS = 60_000;
/** More at once than a listener's backlog holds would be refused by the kernel. */
const CONNECTS_AT_ONCE_MAX = 100;
const COMMAND_WITHIN_MS = 60_000;
/** Of the output, to look for what a command prints: it may come in pieces. */
const TAIL_CHARACTERS = 4_096;
/** Where the payload begins in a frame that an agent wrote. */
const PAYLOAD_OFFSET = 120;
const OUTPUT_INITIAL = 0x6f;

/** `causeway`: the wire contract. `plain`: its frames without ticket and attach. `raw`: the agent's own messages. */
export type Dialect = "causeway" | "plain" | "raw";

/** How to attach to the product itself: with a cookie, and a ticket that works once. */
export interface Entry {
  n: number;
  url: string;
  headers: Record<string, string>;
  ticket: string;
}

export interface PageCount {
  n: number;
  bytes: number;
  frames: number;
  /** Read from the socket, the websocket's own bytes included. */
  wireBytes: number;
}

class Page {
  readonly n: number;
  bytes = 0;
  frames = 0;
  #socket: WebSocket;
  #stream: Socket | undefined;
  readonly #dialect: Dialect;
  readonly #streamId = randomBytes(16).toString("hex");
  #isAttached = false;
  #offset = 0;
  #acknowledged = 0;
  #typed = 0;
  #sequenceNumber = 0;
  #onOutput: (bytes: Uint8Array) => void = () => {};
  #checkpoint: { id: number; bytes: number; taken: number } | undefined;
  /** Bytes a second that the terminal parses; undefined: it is never behind. */
  #parsesPerSecond: number | undefined;
  #parsedAtMs = 0;
  /** The newest message, for whoever asks why a page does not come up. */
  #told = "";
  readonly #ticket: string;

  constructor({ n, url, headers, ticket }: Entry, dialect: Dialect) {
    this.n = n;
    this.#dialect = dialect;
    this.#ticket = ticket;
    // Compression is offered, as a browser does: it must be the server that has none.
    this.#socket = new WebSocket(url, TERMINAL_SUBPROTOCOL, { perMessageDeflate: true, headers });
    this.#socket.on("upgrade", (response) => {
      this.#stream = response.socket;
    });
    this.#socket.on("open", () => this.#introduce());
    this.#socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#take(data);
      else this.#read(String(data));
    });
    this.#socket.on("error", () => {});
  }

  toString(): string {
    return `${this.n} ${this.#isAttached ? "attached" : `socket ${this.#socket.readyState}`} ${this.bytes} bytes ${this.#told}`;
  }
  get isReady(): boolean {
    return this.#isAttached && this.frames > 0;
  }
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }
  get extensions(): string {
    return this.#socket.extensions;
  }
  get wireBytes(): number {
    return this.#stream?.bytesRead ?? 0;
  }

  close(): void {
    this.#socket.terminate();
  }
  pauseReading(): void {
    this.#socket.pause();
  }
  resumeReading(): void {
    this.#socket.resume();
  }

  type(bytes: Uint8Array): void {
    if (this.#dialect === "raw") {
      this.#socket.send(
        encodeAgentMessage(
          {
            messageType: "input_stream_data",
            createdDate: Date.now(),
            sequenceNumber: this.#sequenceNumber++,
            messageId: randomUUID(),
            payloadType: 1,
            payload: bytes,
          },
          { sha256: nativeSha256 },
        ),
      );
      return;
    }
    this.#socket.send(encodeInputFrame({ streamId: this.#streamId, offset: this.#typed, origin: "human", bytes }));
    this.#typed += bytes.length;
  }

  /** @returns milliseconds until `isIt` said so of some output; and the bytes that came before it, that frame included */
  until(isIt: (bytes: Uint8Array) => boolean, withinMs = ECHO_WITHIN_MS): Promise<{ ms: number; bytes: number }> {
    const startedAtMs = performance.now();
    const before = this.bytes;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("what was waited for did not come")), withinMs);
      this.#onOutput = (bytes) => {
        if (!isIt(bytes)) return;
        this.#onOutput = () => {};
        clearTimeout(timer);
        resolve({ ms: performance.now() - startedAtMs, bytes: this.bytes - before });
      };
    });
  }

  #introduce(): void {
    if (this.#dialect !== "causeway") {
      this.#isAttached = true;
      return;
    }
    this.#socket.send(JSON.stringify({ type: "ticket", ticket: this.#ticket }));
    const attach = { type: "attach", offset: null, streamId: this.#streamId, cols: 140, rows: 40, visible: true };
    this.#socket.send(JSON.stringify(attach));
  }

  #read(text: string): void {
    const message = JSON.parse(text) as ServerWords;
    if (message.type === "attached") this.#isAttached = true;
    if (message.type === "attached" || message.type === "reset") {
      this.#offset = message.offset ?? 0;
      this.#acknowledged = this.#offset;
      this.#checkpoint = message.checkpoint && { ...message.checkpoint, taken: 0 };
    }
    this.#told = message.type;
    if (message.type === "error") throw new Error(`the broker refused the page: ${message.code}`);
  }

  /** From now on the terminal behind this page parses no faster. */
  parseSlowly(bytesPerSecond: number): void {
    this.#parsesPerSecond = bytesPerSecond;
  }

  #take(frame: Buffer): void {
    if (this.#dialect === "raw") {
      if (frame[4] === OUTPUT_INITIAL) this.#parse(frame.subarray(PAYLOAD_OFFSET));
      return;
    }
    const read = decodeServerFrame(frame);
    if (read?.kind === "checkpoint") this.#takeCheckpoint(read.bytes);
    else if (read !== undefined) this.#takeOutput(read.bytes);
  }

  /** A terminal of so many bytes a second is as far as the clock lets it be: what came early waits for its turn. */
  #takeOutput(bytes: Uint8Array): void {
    if (this.#parsesPerSecond === undefined) {
      this.#parse(bytes);
      return;
    }
    const nowMs = performance.now();
    this.#parsedAtMs = Math.max(this.#parsedAtMs, nowMs) + (bytes.length / this.#parsesPerSecond) * 1_000;
    setTimeout(() => this.#parse(bytes), this.#parsedAtMs - nowMs);
  }

  #takeCheckpoint(bytes: Uint8Array): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined) throw new Error("a checkpoint came that was not announced");
    checkpoint.taken += bytes.length;
    this.#socket.send(encodeCheckpointAckFrame({ id: checkpoint.id, bytes: checkpoint.taken }));
    this.frames++;
    if (checkpoint.taken === checkpoint.bytes) this.#onOutput(CHECKPOINT_DONE);
  }

  #parse(bytes: Uint8Array): void {
    this.frames++;
    this.bytes += bytes.length;
    this.#offset += bytes.length;
    this.#onOutput(bytes);
    if (this.#dialect === "raw" || this.#offset - this.#acknowledged < ACK_EVERY_BYTES) return;
    this.#acknowledged = this.#offset;
    this.#socket.send(encodeAckFrame(this.#offset));
  }
}

interface ServerWords {
  type: string;
  offset?: number;
  code?: string;
  checkpoint?: { id: number; bytes: number };
}

/** What `until` sees instead of bytes. */
const CHECKPOINT_DONE = new Uint8Array(0);

let pages: Page[] = [];

function pageOf(n: number): Page {
  const page = pages.find((each) => each.n === n);
  if (page === undefined) throw new Error(`session ${n} has no page`);
  return page;
}

/** Of all pages. */
async function until(holds: (page: Page) => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + CONNECT_WITHIN_MS;
  while (!pages.every(holds)) {
    if (performance.now() > giveUpAtMs) {
      const missing = pages.filter((page) => !holds(page));
      throw new Error(`waited in vain for ${missing.length} of ${pages.length} pages, one of them: ${missing[0]}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const calls = {
  async attach({ url, sessions, dialect }: { url: string; sessions: readonly number[]; dialect: Dialect }) {
    const made: Page[] = [];
    for (let from = 0; from < sessions.length; from += CONNECTS_AT_ONCE_MAX) {
      const some = sessions.slice(from, from + CONNECTS_AT_ONCE_MAX);
      const more = some.map((n) => new Page({ n, url: `${url}/${n}`, headers: {}, ticket: "bench" }, dialect));
      made.push(...more);
      pages.push(...more);
      await until((page) => page.isReady);
    }
    return made.map((page) => page.extensions);
  },
  /** Attaches to the product itself. */
  async enter(entry: Entry) {
    const page = new Page(entry, "causeway");
    pages.push(page);
    await until((each) => each.isReady);
  },
  /** @returns milliseconds from the attach to the last byte of the checkpoint, each */
  async attachToCheckpoint({ url, n, times }: { url: string; n: number; times: number }): Promise<number[]> {
    const tookMs: number[] = [];
    for (let time = 0; time < times; time++) {
      const page = new Page({ n, url: `${url}/${n}`, headers: {}, ticket: "bench" }, "causeway");
      tookMs.push((await page.until((bytes) => bytes === CHECKPOINT_DONE)).ms);
      page.close();
    }
    return tookMs;
  },
  /** @returns milliseconds from the connect to the last of so many bytes of plain output, each */
  async attachToBytes({ url, bytes, times }: { url: string; bytes: number; times: number }): Promise<number[]> {
    const tookMs: number[] = [];
    for (let time = 0; time < times; time++) {
      const page = new Page({ n: time, url, headers: {}, ticket: "" }, "plain");
      tookMs.push((await page.until(() => page.bytes >= bytes)).ms);
      page.close();
    }
    return tookMs;
  },
  /** Resolves when every page got so much. @param sessions of these only */
  delivered: ({ bytes, sessions }: { bytes: number; sessions?: readonly number[] }) =>
    until((page) => page.bytes >= bytes || sessions?.includes(page.n) === false),
  counts: (): PageCount[] => pages.map(({ n, bytes, frames, wireBytes }) => ({ n, bytes, frames, wireBytes })),
  /** Types a key every so often and waits for its echo, one at a time. @returns milliseconds each */
  async probe({ n, forMs, everyMs }: { n: number; forMs: number; everyMs: number }): Promise<number[]> {
    const page = pageOf(n);
    const echoesMs: number[] = [];
    const endAtMs = performance.now() + forMs;
    while (performance.now() < endAtMs) {
      const key = 0x61 + (echoesMs.length % 26);
      const echo = page.until((bytes) => bytes.includes(key));
      page.type(Uint8Array.of(key));
      echoesMs.push((await echo).ms);
      await new Promise((resolve) => setTimeout(resolve, everyMs * (0.5 + Math.random())));
    }
    return echoesMs;
  },
  /** Types a line and waits for what its program prints. @returns milliseconds, and the output that came meanwhile */
  async command({ n, line, prints }: { n: number; line: string; prints: string }) {
    const page = pageOf(n);
    let seen = "";
    const printed = page.until((bytes) => {
      seen = (seen + Buffer.from(bytes).toString("latin1")).slice(-TAIL_CHARACTERS);
      return seen.includes(prints);
    }, COMMAND_WITHIN_MS);
    page.type(Buffer.from(line));
    return printed;
  },
  parseSlowly: ({ n, bytesPerSecond }: { n: number; bytesPerSecond: number }) => pageOf(n).parseSlowly(bytesPerSecond),
  pauseReading: ({ n }: { n: number }) => pageOf(n).pauseReading(),
  /** Of all pages here, so many. */
  pauseSome: ({ count }: { count: number }) => {
    for (const page of pages.slice(0, count)) page.pauseReading();
  },
  /** Reads again and presses Ctrl-C. @returns until the prompt was there; null milliseconds: it did not come in a minute */
  async returnAndInterrupt({ n }: { n: number }) {
    const page = pageOf(n);
    const before = page.bytes;
    const prompt = page.until((bytes) => Buffer.from(bytes).includes("\n$ "), COMMAND_WITHIN_MS);
    page.resumeReading();
    page.type(Uint8Array.of(0x03));
    const { ms, bytes } = await prompt.catch(() => ({ ms: null, bytes: page.bytes - before }));
    return { ms, bytes, isOpen: page.isOpen };
  },
  closeAll: () => {
    for (const page of pages) page.close();
    pages = [];
  },
};
export type PageCalls = typeof calls;
serveCalls(calls);
