/**
 * Who has the keyboard of a shared terminal in mode "ask": one machine per viewer over one table, and the rule that only one of
 * them holds it. Pure: time is an argument, people are opaque keys. Being let in, and modes, are decided elsewhere.
 */
import {
  ANSWER_WITHIN_MS,
  ASK_AGAIN_AFTER_MS,
  KEYBOARD_IDLE_MS,
  OWNER_AWAY_MS,
  type KeyboardState as PresentState,
  type SharingEventMessage,
} from "@causeway/wire-contract/sharing";

/** The connection of somebody who asks or holds may break for so long, in milliseconds: a reload, or a server that restarts. */
export const VIEWER_GONE_MS = 30_000;

export type KeyboardStateName = PresentState | "revoked" | "expired";

export type KeyboardMove =
  | "ask"
  | "cancel"
  | "allow"
  | "refuse"
  /** Nobody answered in time. */
  | "no-answer"
  /** Long enough after "not now". */
  | "may-ask"
  | "give-back"
  /** The owner typed, or took it back by a button. */
  | "take-back"
  /** Nothing was typed for too long. */
  | "idle"
  /** The owner gave it to somebody else. */
  | "pass-on"
  | "owner-left"
  | "owner-back"
  /** The owner was away for too long. */
  | "owner-gone"
  /** The viewer left, or her connection was broken for too long. */
  | "leave"
  | "revoke"
  | "expire";

const ENDS = { revoke: "revoked", expire: "expired" } as const;

/** Every legal move; what is not here changes nothing. `revoked` and `expired` are left by nothing. */
export const KEYBOARD_TABLE: Readonly<
  Record<KeyboardStateName, Readonly<Partial<Record<KeyboardMove, KeyboardStateName>>>>
> = {
  watching: { ask: "asked", ...ENDS },
  asked: {
    allow: "holding",
    refuse: "refused",
    "no-answer": "refused",
    cancel: "watching",
    leave: "watching",
    ...ENDS,
  },
  refused: { "may-ask": "watching", ...ENDS },
  holding: {
    "give-back": "watching",
    "take-back": "taken-back",
    idle: "watching",
    "pass-on": "watching",
    leave: "watching",
    "owner-left": "owner-away",
    ...ENDS,
  },
  "owner-away": {
    "owner-back": "holding",
    "owner-gone": "watching",
    "give-back": "watching",
    idle: "watching",
    leave: "watching",
    ...ENDS,
  },
  "taken-back": { ask: "asked", ...ENDS },
  revoked: {},
  expired: {},
};

export interface KeyboardEvent {
  who: string;
  event: SharingEventMessage["event"];
}

/** What the machine knows of one viewer; absent ones are watching. */
export interface KeyboardEntry {
  state: KeyboardStateName;
  /** Asked: until when it may be answered; refused: from when one may ask again. */
  untilMs?: number;
  /** Of a holder: her last key, or when she got it. */
  typedAtMs?: number;
  /** Her connection is broken since. */
  goneAtMs?: number;
}

/** All there is, for the store. */
export interface KeyboardSnapshot {
  entries: [who: string, entry: KeyboardEntry][];
  ownerLeftAtMs?: number;
}

/** What a move that ends somebody's turn is called in front of everybody. */
const TOLD: Partial<Record<KeyboardMove, KeyboardEvent["event"]>> = {
  ask: "asked",
  cancel: "cancelled",
  allow: "allowed",
  refuse: "refused",
  "no-answer": "no-answer",
  "give-back": "given-back",
  "take-back": "taken-back",
  idle: "returned",
  "pass-on": "returned",
  "owner-gone": "returned",
};

/** Calls may come in any order; after each, `pollTimeoutMs` says when `handleTimeout` is wanted, and `pollEvents` what happened. */
export class Keyboard {
  #entries = new Map<string, KeyboardEntry>();
  #ownerLeftAtMs: number | undefined;
  #events: KeyboardEvent[] = [];

  /** @param nowMs a restart: everybody counts as gone from now on, until they come */
  static restore({ entries, ownerLeftAtMs }: KeyboardSnapshot, nowMs: number): Keyboard {
    const keyboard = new Keyboard();
    for (const [who, entry] of entries) keyboard.#entries.set(who, { ...entry, goneAtMs: nowMs });
    keyboard.#ownerLeftAtMs = ownerLeftAtMs;
    if (ownerLeftAtMs === undefined) keyboard.handleOwnerLeft(nowMs);
    return keyboard;
  }

  get snapshot(): KeyboardSnapshot {
    const entries = [...this.#entries].map(([who, entry]): [string, KeyboardEntry] => [who, { ...entry }]);
    return { entries, ...(this.#ownerLeftAtMs === undefined ? {} : { ownerLeftAtMs: this.#ownerLeftAtMs }) };
  }

  stateOf(who: string): KeyboardStateName {
    return this.#entries.get(who)?.state ?? "watching";
  }

  /** When the state ends by itself, or one may ask again; of a holder only while the owner is away. */
  untilOf(who: string): number | undefined {
    const entry = this.#entries.get(who);
    if (entry?.state === "owner-away" && this.#ownerLeftAtMs !== undefined) return this.#ownerLeftAtMs + OWNER_AWAY_MS;
    return entry?.untilMs;
  }

  get holder(): string | undefined {
    for (const [who, { state }] of this.#entries) if (isHolding(state)) return who;
    return undefined;
  }

  get isOwnerAway(): boolean {
    return this.#ownerLeftAtMs !== undefined;
  }

  /** @returns false: it does not fit the state, and nothing changed */
  move(who: string, move: KeyboardMove, nowMs: number): boolean {
    const entry = this.#entries.get(who) ?? { state: "watching" };
    const next = KEYBOARD_TABLE[entry.state][move];
    if (next === undefined) return false;
    if (next === "holding" && move === "allow") this.#passOn(nowMs);
    this.#enter(who, entry, next, nowMs);
    const event = TOLD[move];
    if (event !== undefined) this.#events.push({ who, event });
    if (move === "allow" && this.isOwnerAway) this.move(who, "owner-left", nowMs);
    return true;
  }

  /** The owner typed, or took it back. @returns who had it */
  takeBack(nowMs: number): string | undefined {
    const { holder } = this;
    if (holder === undefined) return undefined;
    this.move(holder, "owner-back", nowMs); // whoever types is here
    this.move(holder, "take-back", nowMs);
    return holder;
  }

  /** The holder typed. */
  handleTyped(who: string, nowMs: number): void {
    const entry = this.#entries.get(who);
    if (entry !== undefined && isHolding(entry.state)) entry.typedAtMs = nowMs;
  }

  /** The owner's last page went. */
  handleOwnerLeft(nowMs: number): void {
    if (this.#ownerLeftAtMs !== undefined) return;
    this.#ownerLeftAtMs = nowMs;
    if (this.holder !== undefined) this.move(this.holder, "owner-left", nowMs);
  }

  handleOwnerBack(nowMs: number): void {
    this.#ownerLeftAtMs = undefined;
    if (this.holder !== undefined) this.move(this.holder, "owner-back", nowMs);
  }

  /** The last connection of a viewer broke: her place is kept for VIEWER_GONE_MS. */
  handleGone(who: string, nowMs: number): void {
    const entry = this.#entries.get(who);
    if (entry !== undefined) entry.goneAtMs = nowMs;
  }

  handleBack(who: string): void {
    const entry = this.#entries.get(who);
    if (entry !== undefined) delete entry.goneAtMs;
  }

  /** Somebody is not let in any more: nothing is kept of her. */
  remove(who: string, why: "revoke" | "expire", nowMs: number): void {
    this.move(who, why, nowMs);
    this.#entries.delete(who);
  }

  /** In milliseconds since the epoch; undefined: nothing ends by itself. */
  pollTimeoutMs(): number | undefined {
    let next: number | undefined;
    for (const [who] of this.#entries) for (const { atMs } of this.#deadlines(who)) next = Math.min(next ?? atMs, atMs);
    return next;
  }

  handleTimeout(nowMs: number): void {
    for (const who of [...this.#entries.keys()])
      for (const { atMs, move } of this.#deadlines(who)) if (atMs <= nowMs) this.move(who, move, nowMs);
  }

  /** What happened since the last call, in order. */
  pollEvents(): KeyboardEvent[] {
    return this.#events.splice(0);
  }

  #passOn(nowMs: number): void {
    const { holder } = this;
    if (holder === undefined) return;
    this.move(holder, "owner-back", nowMs);
    this.move(holder, "pass-on", nowMs);
  }

  #enter(who: string, entry: KeyboardEntry, state: KeyboardStateName, nowMs: number): void {
    const { goneAtMs } = entry;
    const next: KeyboardEntry = { state, ...(goneAtMs === undefined ? {} : { goneAtMs }) };
    if (state === "asked") next.untilMs = nowMs + ANSWER_WITHIN_MS;
    if (state === "refused") next.untilMs = nowMs + ASK_AGAIN_AFTER_MS;
    if (isHolding(state)) next.typedAtMs = entry.typedAtMs ?? nowMs;
    if (state === "watching") this.#entries.delete(who);
    else this.#entries.set(who, next);
  }

  #deadlines(who: string): { atMs: number; move: KeyboardMove }[] {
    const entry = this.#entries.get(who);
    if (entry === undefined) return [];
    const { goneAtMs, state, typedAtMs, untilMs } = entry;
    const deadlines: { atMs: number; move: KeyboardMove }[] = [];
    if (state === "asked" && untilMs !== undefined) deadlines.push({ atMs: untilMs, move: "no-answer" });
    if (state === "refused" && untilMs !== undefined) deadlines.push({ atMs: untilMs, move: "may-ask" });
    if (isHolding(state) && typedAtMs !== undefined)
      deadlines.push({ atMs: typedAtMs + KEYBOARD_IDLE_MS, move: "idle" });
    if (state === "owner-away" && this.#ownerLeftAtMs !== undefined)
      deadlines.push({ atMs: this.#ownerLeftAtMs + OWNER_AWAY_MS, move: "owner-gone" });
    if (goneAtMs !== undefined && (state === "asked" || isHolding(state)))
      deadlines.push({ atMs: goneAtMs + VIEWER_GONE_MS, move: "leave" });
    return deadlines;
  }
}

function isHolding(state: KeyboardStateName): boolean {
  return state === "holding" || state === "owner-away";
}
