/** One page of the console without a browser: the product's own session object, its emulator, and who types on it. */
import { SessionCore, type TerminalStatus, type WebSocketLike } from "@causeway/web/headless";
import type { AttachTicket, Session } from "@causeway/wire-contract/sessions";
import { HeadlessSurface } from "./headless-surface.ts";
import { BEGIN_MARK, FINISH_MARK, KEY_BYTES, keyName, keyText, LAST_KEY } from "./machine-program.ts";
import { PageWorld } from "./page-world.ts";
import type { Person } from "./person.ts";
import type { SchedulePage } from "./schedule-page.ts";
import { TypedKeys } from "./typed-keys.ts";

/** `first` types and is replaced when it is killed; `second` types along; `fresh` reads the log back at the end. */
export type PageRole = "first" | "second" | "fresh";

export interface SoakPageOptions {
  role: PageRole;
  /** Its letter, which all its keys begin with. */
  letter: string;
  person: Person;
  target: { instanceId: string; instanceName: string; region: string };
  /** undefined: it starts a session of its own. */
  existing?: Session;
  size: { cols: number; rows: number };
  /** How long its emulator takes for each chunk of output, in milliseconds. */
  parseMs: number;
  randomHex: (bytes: number) => string;
  /** "Send, or drop?" */
  answer: () => "send" | "drop";
  trace: (line: string) => void;
}

/** How long the person thinks before she answers, in milliseconds. */
const ANSWER_AFTER_MS = 150;

/** What a schedule must never bring about: nothing in it fills a disk or outlasts what the agent keeps. */
export const LOSS_NOTICES: ReadonlySet<string> = new Set(["OUTPUT_NOT_KEPT", "LOG_NOT_DURABLE"]);

/** The parts of the server's messages that are looked at. */
interface Heard {
  type: string;
  code?: string;
  inputStored?: number;
  stored?: number;
  offset?: number;
}

export class SoakPage implements SchedulePage {
  readonly role: PageRole;
  readonly letter: string;
  readonly keys = new TypedKeys();
  readonly #world = new PageWorld();
  readonly #options: SoakPageOptions;
  readonly #core: SessionCore;
  #surface!: HeadlessSurface;
  #sockets: (() => void)[] = [];
  #nextKey = 0;
  #isKilled = false;
  #isAnswering = false;
  readonly #losses: string[] = [];
  #hasBegun = false;
  #hasFinished = false;
  #shown = "";
  /** Where its output began; 0: it has the whole of it. */
  #firstOffset: number | undefined;

  constructor(options: SoakPageOptions) {
    this.#options = options;
    this.role = options.role;
    this.letter = options.letter;
    const { person, trace } = options;
    this.#core = new SessionCore(
      options.target,
      options.existing,
      {
        api: {
          startSession: (request, signal) => person.api.startSession(request, signal),
          attachTicket: (id, signal): Promise<AttachTicket> => person.api.attachTicket(id, signal),
          endSession: (id) => person.api.endSession(id),
        },
        openSocket: (id) => this.#openSocket(id),
        clock: this.#world.clock,
        page: this.#world,
        randomHex: options.randomHex,
      },
      (events) => {
        this.#surface = new HeadlessSurface(events, options.size, options.parseMs);
        this.#surface.watchFor(BEGIN_MARK, () => {
          this.#hasBegun = true;
        });
        this.#surface.watchFor(FINISH_MARK, () => {
          this.#hasFinished = true;
        });
        return this.#surface;
      },
    );
    this.#core.subscribe(() => this.#statusChanged());
    trace(`${this.letter}: page`);
    this.#core.attach({} as HTMLElement); // the emulator draws nowhere, the host is only passed on
  }

  get status(): TerminalStatus {
    return this.#core.getStatus();
  }
  get session(): Session | undefined {
    return this.status.session;
  }
  get isKilled(): boolean {
    return this.#isKilled;
  }
  get sessionId(): string | undefined {
    return this.session?.id;
  }
  get over(): string | undefined {
    const { kind } = this.status;
    return kind === "ended" || kind === "failed" ? `${kind}: ${JSON.stringify(this.status)}` : undefined;
  }
  get state(): string {
    const { kind, channel, channelReason, heldKeys } = this.status;
    const reason = channelReason === undefined ? "" : ` (${channelReason})`;
    return `${kind}, channel ${channel}${reason}${heldKeys.asking ? ", asking" : ""}`;
  }
  get wholeLog(): Buffer | undefined {
    return this.#firstOffset === 0 && this.#surface.hasEveryByte ? this.#surface.bytes : undefined;
  }
  /** Codes of notices that said something is missing. */
  get losses(): readonly string[] {
    return this.#losses;
  }
  async text(): Promise<string> {
    return this.#surface.lines().join("\n");
  }
  /** The last output, as text. */
  get tail(): string {
    return this.#surface.tail;
  }
  /** The program said that it has begun, or has finished. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }
  get hasFinished(): boolean {
    return this.#hasFinished;
  }
  /** Keys reach the server, and nobody is asked. */
  get isFlowing(): boolean {
    return this.status.kind === "open" && !this.status.heldKeys.asking;
  }

  typeText(text: string): void {
    this.keys.typed(undefined, text.length);
    this.#surface.type(text, text.length);
  }

  /** A key that the page refuses, visibly, because too much is held already, was not typed. */
  async typeKeys(count: number, enter: boolean): Promise<void> {
    for (let typed = 0; typed < count; typed++) {
      if (this.#isKilled) return;
      const { kind, heldKeys } = this.status;
      if (kind === "ended" || kind === "failed") return;
      this.keys.typed(keyName(this.letter, this.#nextKey, enter), KEY_BYTES);
      this.#surface.type(keyText(this.letter, this.#nextKey, enter), 1);
      await Promise.resolve();
      await Promise.resolve();
      if (this.status.heldKeys.refused > heldKeys.refused) {
        this.keys.handleRefused();
        return;
      }
      this.#nextKey++;
    }
  }

  sleep(ms: number): void {
    this.#world.sleep(ms);
  }

  sayOnline(): void {
    this.#world.signal("online");
  }

  typeLastKey(): void {
    this.typeText(LAST_KEY);
  }

  retryNow(): void {
    this.#core.retryNow();
  }

  end(): Promise<void> {
    return this.#core.end();
  }

  /** The browser's process is killed. */
  kill(): void {
    if (this.#isKilled) return;
    this.#isKilled = true;
    this.#options.trace(`${this.letter}: killed, ${this.keys.acknowledged} of ${this.keys.wanted.length} acknowledged`);
    for (const kill of this.#sockets) kill();
    this.#world.stop();
    this.#core.dispose();
  }

  #openSocket(sessionId: string): WebSocketLike {
    const { socket, kill } = this.#options.person.openSocket(sessionId, (text) => this.#heard(text));
    this.#sockets = [...this.#sockets.slice(-1), kill];
    return socket;
  }

  #heard(text: string): void {
    if (this.#isKilled) return;
    const message = JSON.parse(text) as Heard;
    if (message.type === "attached") {
      this.#firstOffset ??= message.offset;
      this.keys.handleStored(message.inputStored ?? 0, true);
    } else if (message.type === "input-ack") this.keys.handleStored(message.stored ?? 0, false);
    if (message.type === "notice" && LOSS_NOTICES.has(message.code ?? "")) this.#losses.push(message.code as string);
    if (message.type !== "pong" && message.type !== "input-ack" && message.type !== "time-left")
      this.#options.trace(`${this.letter}: < ${text}`);
  }

  #statusChanged(): void {
    const { kind, channel, channelReason, heldKeys, notices } = this.status;
    const shown = `${kind} ${channel ?? ""} ${channelReason ?? ""} held ${heldKeys.keys} ${heldKeys.asking ? "asking" : ""} ${notices.map(({ code }) => code)}`;
    if (shown !== this.#shown) this.#options.trace(`${this.letter}: ${shown}`);
    this.#shown = shown;
    if (!heldKeys.asking || this.#isAnswering) return;
    this.#isAnswering = true;
    setTimeout(() => this.#answer(), ANSWER_AFTER_MS);
  }

  #answer(): void {
    this.#isAnswering = false;
    if (this.#isKilled || !this.status.heldKeys.asking) return;
    // The command that starts the program is wanted in any case; it is among the first things typed.
    const answer = this.keys.isCommandPending ? "send" : this.#options.answer();
    this.#options.trace(`${this.letter}: ${answer}s ${this.status.heldKeys.keys} held keys`);
    if (answer === "send") this.#core.sendHeldKeys();
    else {
      this.keys.handleDropped();
      this.#core.dropHeldKeys();
    }
  }
}
