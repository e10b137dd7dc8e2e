/** The outside world of a terminal session under test control: clock, sockets, API, page and emulator; long as the list of them. */
import type { Session } from "@causeway/wire-contract/sessions";
import {
  type BrowserFrame,
  decodeBrowserFrame,
  encodeCheckpointFrame,
  encodeOutputFrame,
} from "@causeway/wire-contract/terminal-frames";
import type { BrowserMessage, ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { Surface, SurfaceEvents } from "../features/terminal/surface.ts";
import type {
  PageSignals,
  TerminalApi,
  TerminalClock,
  TerminalSessionDeps,
  WebSocketLike,
} from "../features/terminal/terminal-types.ts";

export class FakeClock implements TerminalClock {
  #nowMs = 1_700_000_000_000;
  #nextId = 1;
  readonly #timers = new Map<number, { atMs: number; callback: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, ms: number): number {
    const id = this.#nextId++;
    this.#timers.set(id, { atMs: this.#nowMs + ms, callback });
    return id;
  }

  clearTimeout(id: number): void {
    this.#timers.delete(id);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Runs every timer that falls due, in order, also those they set. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.atMs <= endMs).sort((a, b) => a[1].atMs - b[1].atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#nowMs = Math.max(this.#nowMs, due[1].atMs);
      due[1].callback();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }

  /** The machine slept: time went by and no timer ran. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Lets promises and microtasks that are ready run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

export class FakeSocket implements WebSocketLike {
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onclose: WebSocketLike["onclose"] = null;
  onerror: WebSocketLike["onerror"] = null;
  readonly messages: BrowserMessage[] = [];
  readonly frames: BrowserFrame[] = [];
  isClosed = false;

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === "string") this.messages.push(JSON.parse(data) as BrowserMessage);
    else this.frames.push(decodeBrowserFrame(data) as BrowserFrame);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The browser connected. */
  open(): void {
    this.onopen?.({});
  }

  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  attached(fields: Partial<Extract<ServerMessage, { type: "attached" }>> = {}): void {
    this.say({
      type: "attached",
      offset: 0,
      headOffset: 0,
      cols: 80,
      rows: 24,
      inputStored: 0,
      role: "owner",
      channel: "open",
      startedAt: 0,
      ...fields,
    });
  }

  output(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.onmessage?.({ data: encodeOutputFrame(bytes).buffer });
  }

  checkpoint(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.onmessage?.({ data: encodeCheckpointFrame(bytes).buffer });
  }

  /** The network or the server dropped it. */
  drop(code = 1006, reason = ""): void {
    this.isClosed = true;
    this.onclose?.({ code, reason });
  }

  /** Text of all input frames, in order. */
  get typed(): string {
    const decoder = new TextDecoder();
    return this.frames
      .map((frame) => (frame.kind === "input" ? decoder.decode(frame.bytes, { stream: true }) : ""))
      .join("");
  }

  get acks(): number[] {
    return this.frames.flatMap((frame) => (frame.kind === "ack" ? [frame.offset] : []));
  }

  sentOf<T extends BrowserMessage["type"]>(type: T): Extract<BrowserMessage, { type: T }>[] {
    return this.messages.filter((message) => message.type === type) as Extract<BrowserMessage, { type: T }>[];
  }
}

export class FakeApi implements TerminalApi {
  readonly started: { region: string; target: string; cols: number; rows: number }[] = [];
  readonly ended: string[] = [];
  tickets = 0;
  startError: unknown;
  ticketError: unknown;
  /** Tickets are asked for, and no answer ever comes. */
  isTicketSilent = false;
  ticketSignal: AbortSignal | undefined;
  lastSignal: AbortSignal | undefined;
  #heldStart: Promise<void> = Promise.resolve();

  /** Starting hangs until the returned function is called. */
  holdStart(): () => void {
    let release = (): void => undefined;
    this.#heldStart = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  }

  async startSession(
    request: { region: string; target: string; cols: number; rows: number },
    signal?: AbortSignal,
  ): Promise<Session> {
    this.started.push(request);
    this.lastSignal = signal;
    await this.#heldStart;
    if (this.startError !== undefined) throw this.startError;
    return fakeSession({ id: `session-${this.started.length}`, cols: request.cols, rows: request.rows });
  }

  async attachTicket(_sessionId: string, signal?: AbortSignal): Promise<{ ticket: string; expiresAt: number }> {
    this.ticketSignal = signal;
    if (this.isTicketSilent) return new Promise(() => undefined);
    if (this.ticketError !== undefined) throw this.ticketError;
    return { ticket: `ticket-${++this.tickets}`, expiresAt: 0 };
  }

  async endSession(sessionId: string): Promise<void> {
    this.ended.push(sessionId);
  }
}

export function fakeSession(fields: Partial<Session> = {}): Session {
  return {
    id: "session-1",
    identityId: "identity-1",
    awsSessionId: "dana-0f3c9e71b2a4d5c6e",
    account: "111122223333",
    region: "eu-west-1",
    instanceId: "i-0a1f6c83e5d2b7940",
    instanceName: "checkout-api-04",
    channel: "connecting",
    cols: 80,
    rows: 24,
    startedAt: 1_700_000_000_000,
    ...fields,
  };
}

export class FakePage implements PageSignals {
  visible = true;
  readonly listeners = new Set<(signal: "visible" | "hidden" | "online" | "focus") => void>();

  isVisible(): boolean {
    return this.visible;
  }

  subscribe(listener: (signal: "visible" | "hidden" | "online" | "focus") => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  signal(signal: "visible" | "hidden" | "online" | "focus"): void {
    if (signal === "visible" || signal === "hidden") this.visible = signal === "visible";
    for (const listener of this.listeners) listener(signal);
  }
}

/** An emulator that records; it parses at once, unless told to hold. */
export class FakeSurface implements Surface {
  readonly events: SurfaceEvents;
  readonly log: string[] = [];
  cols = 80;
  rows = 24;
  /** How many hosts hold it right now. */
  attached = 0;
  fit: { cols: number; rows: number } | undefined = { cols: 80, rows: 24 };
  focused = 0;
  isDisposed = false;
  isHolding = false;
  #held: (() => void)[] = [];

  constructor(events: SurfaceEvents) {
    this.events = events;
  }

  attach(): () => void {
    this.attached++;
    this.events.onLayout();
    return () => {
      this.attached--;
      this.events.onLayout();
    };
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    this.log.push(new TextDecoder().decode(bytes));
    if (this.isHolding) this.#held.push(parsed);
    else parsed();
  }

  /** Parses the oldest chunk that is held. */
  parseOne(): void {
    this.#held.shift()?.();
  }

  resize(cols: number, rows: number): void {
    if (cols !== this.cols || rows !== this.rows) this.log.push(`<${cols}x${rows}>`);
    this.cols = cols;
    this.rows = rows;
  }

  reset(): void {
    this.log.push("<reset>");
  }

  grid(): string {
    return "";
  }

  restored(): void {
    this.log.push("<restored>");
  }

  get isShown(): boolean {
    return this.attached > 0;
  }

  layout(cols: number, rows: number): void {
    this.fit = { cols, rows };
    this.events.onLayout();
  }

  fitSize(): { cols: number; rows: number } | undefined {
    return this.isShown ? this.fit : undefined;
  }

  type(text: string): void {
    this.events.onEmit("human", new TextEncoder().encode(text), [...text].length);
  }

  paste(text: string): void {
    this.events.onPaste(text);
  }

  focus(): void {
    this.focused++;
  }

  applyLook(): void {}

  /** Is the cursor an outline? */
  isAway = false;
  /** Marks of gaps, as they read. */
  readonly marks: string[] = [];
  isAlternate = false;

  isAlternateScreen(): boolean {
    return this.isAlternate;
  }

  isApplication = false;
  isApplicationCursor(): boolean {
    return this.isApplication;
  }

  isBracketed = false;
  isBracketedPaste(): boolean {
    return this.isBracketed;
  }

  cellSize(): { width: number; height: number } {
    return { width: 8, height: 18 };
  }

  setAway(isAway: boolean): void {
    this.isAway = isAway;
  }

  markReturn(words: string): boolean {
    if (this.isAlternate) return false;
    this.marks.push(words);
    return true;
  }

  linesUp = 0;
  scrolledUpBy(): number {
    return this.linesUp;
  }

  scrollUpTo(lines: number): void {
    this.linesUp = lines;
  }

  lines(): string[] {
    return [this.log.join("")];
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

export interface FakeWorld {
  clock: FakeClock;
  api: FakeApi;
  page: FakePage;
  sockets: FakeSocket[];
  deps: TerminalSessionDeps;
}

export function fakeWorld(): FakeWorld {
  const clock = new FakeClock();
  const api = new FakeApi();
  const page = new FakePage();
  const sockets: FakeSocket[] = [];
  const openSocket = (): FakeSocket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  };
  // 0x80… is the middle of the range: waits are exactly those of the schedule
  const deps: TerminalSessionDeps = { clock, api, page, openSocket, randomHex: (bytes) => "80".padEnd(bytes * 2, "0") };
  return { clock, api, page, sockets, deps };
}
