/**
 * Who is at one shared terminal and who has its keyboard, as the server told it last; snapshots for `useSyncExternalStore`.
 * Framework-free; times of the server are moved to the page's clock. It never sees what is shown or typed.
 */
import type { PointerPlace, PresentPerson, ShareEndReason, SharingEventMessage } from "@causeway/wire-contract/sharing";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";

/** Parts of the page that follow one terminal's people; more is a leak. */
export const SHARING_LISTENERS_MAX = 32;
/** What happened, for who looks back; the oldest goes. */
export const HAPPENED_MAX = 20;

export type SharingEventName = SharingEventMessage["event"];

export interface Happened {
  id: number;
  atMs: number;
  event: SharingEventName;
  name: string;
}

export interface SharingView {
  /** Key of whoever this page is; undefined until the server has told, and during a gap. */
  you: string | undefined;
  people: readonly PresentPerson[];
  ownerAway: boolean;
  /** When the link ends that this page came by, on the page's clock. */
  expiresAt: number | undefined;
  typist: { who: string; atMs: number } | undefined;
  happened: readonly Happened[];
  /** Where people's pointers are, of those who show them; at most one of each who is here. */
  pointers: ReadonlyMap<string, { at: NonNullable<PointerPlace>; atMs: number }>;
  /** How far above the end the owner reads; undefined: nobody told. */
  ownerLinesAboveEnd: number | undefined;
  /** The link is over: nothing of the terminal may be shown any more. */
  ended: { why: ShareEndReason } | undefined;
  /** Code of the catalog: why the last question was not taken. */
  refusal: string | undefined;
  /** How often the dialog was asked for from elsewhere: by its chord, or the palette. */
  dialogAsked: number;
}

export interface SharingEvent {
  event: SharingEventName;
  who: string;
  swallowed: boolean;
}

const NOBODY: SharingView = {
  you: undefined,
  people: [],
  ownerAway: false,
  expiresAt: undefined,
  typist: undefined,
  happened: [],
  pointers: new Map(),
  ownerLinesAboveEnd: undefined,
  ended: undefined,
  refusal: undefined,
  dialogAsked: 0,
};

/** Notices that answer a viewer's question. */
const REFUSALS: ReadonlySet<string> = new Set(["KEYBOARD_ASK_LATER", "KEYBOARD_OWNER_AWAY", "SHARE_VIEW_ONLY"]);

export class SharingStore {
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: SharingEvent) => void>();
  #view: SharingView = NOBODY;
  #waiting: SharingEvent[] = [];
  #nextId = 1;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  readonly getView = (): SharingView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => added(this.#listeners, listener);

  /** Told of each event once its person is known by name. @returns unsubscribe */
  readonly onEvent = (listener: (event: SharingEvent) => void): (() => void) => added(this.#eventListeners, listener);

  /** Of this page's own person; undefined for an owner and while nothing is known. */
  get me(): PresentPerson | undefined {
    return this.#view.people.find(({ key }) => key === this.#view.you);
  }

  /** May this page's person type now? */
  mayType(): boolean {
    const { me } = this;
    if (me === undefined || this.#view.ended !== undefined) return false;
    return me.mode === undefined || me.mode === "type" || (me.mode === "ask" && HOLDS.has(me.keyboard));
  }

  handleMessage(message: ServerMessage): void {
    if (message.type === "sharing") {
      const skewMs = this.#nowMs() - message.nowMs;
      const moved = (at: number | undefined): number | undefined => (at === undefined ? undefined : at + skewMs);
      const { you, ownerAway } = message;
      const people = message.people.map(({ until, ...person }) => ({
        ...person,
        ...(until === undefined ? {} : { until: until + skewMs }),
      }));
      this.#set({ you, people, ownerAway, expiresAt: moved(message.expiresAt), refusal: undefined });
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const event of waiting) this.#tell(event);
    } else if (message.type === "sharing-event") {
      const { event, who, swallowed = false } = message;
      if (this.nameOf(who) !== undefined) this.#tell({ event, who, swallowed });
      else if (this.#waiting.length < HAPPENED_MAX) this.#waiting.push({ event, who, swallowed });
    } else if (message.type === "typing") this.#set({ typist: { who: message.who, atMs: this.#nowMs() } });
    else if (message.type === "pointers") this.#pointersMoved(message);
    else if (message.type === "share-ended") this.#set({ ...NOBODY, ended: { why: message.why } });
    else if (message.type === "notice" && REFUSALS.has(message.code)) this.#set({ refusal: message.code });
  }

  /** The connection is gone: who is there, and who may type, is not known any more. */
  handleGap(): void {
    this.#waiting = [];
    if (this.#view.ended === undefined)
      this.#set({ you: undefined, typist: undefined, pointers: new Map(), refusal: undefined });
  }

  /** Opens the dialog of this terminal's links, where one is on the page. */
  askForDialog(): void {
    this.#set({ dialogAsked: this.#view.dialogAsked + 1 });
  }

  nameOf(who: string): string | undefined {
    return this.#view.people.find(({ key }) => key === who)?.name;
  }

  get listeners(): number {
    return this.#listeners.size + this.#eventListeners.size;
  }

  #pointersMoved({ pointers: moved, ownerLinesAboveEnd }: Extract<ServerMessage, { type: "pointers" }>): void {
    const pointers = new Map([...this.#view.pointers].filter(([who]) => this.nameOf(who) !== undefined));
    for (const { who, at } of moved) {
      if (at === null || this.nameOf(who) === undefined) pointers.delete(who);
      else pointers.set(who, { at, atMs: this.#nowMs() });
    }
    this.#set({ pointers, ...(ownerLinesAboveEnd === undefined ? {} : { ownerLinesAboveEnd }) });
  }

  #tell(event: SharingEvent): void {
    const name = this.nameOf(event.who) ?? "Somebody";
    const happened: Happened = { id: this.#nextId++, atMs: this.#nowMs(), event: event.event, name };
    this.#set({ happened: [...this.#view.happened, happened].slice(-HAPPENED_MAX) });
    for (const listener of [...this.#eventListeners]) listener(event);
  }

  #set(patch: Partial<SharingView>): void {
    this.#view = { ...this.#view, ...patch };
    for (const listener of [...this.#listeners]) listener();
  }
}

const HOLDS: ReadonlySet<string> = new Set(["holding", "owner-away"]);

function added<T>(listeners: Set<T>, listener: T): () => void {
  if (listeners.size >= SHARING_LISTENERS_MAX) throw new Error("too many sharing listeners: one leaks");
  listeners.add(listener);
  return () => listeners.delete(listener);
}
