/**
 * One terminal that several people look at: who has a seat, who has the keyboard, and what each is told of it. Sees that somebody
 * typed, never what. Knows links only through the facts of each seat; who is let in was decided before.
 * Above 300 lines: seats, keyboard and what is told of both change together, at every event.
 */
import type {
  KeyboardMessage,
  PresentPerson,
  ShareEndReason,
  SharePerson,
  SharingEventMessage,
  SharingMessage,
} from "@causeway/wire-contract/sharing";
import { POINTERS_EVERY_MS } from "@causeway/wire-contract/sharing";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { Clock } from "../platform/clock.ts";
import type { Seat, SharingPageMessage } from "../sessions/index.ts";
import { Keyboard, type KeyboardSnapshot, VIEWER_GONE_MS } from "./keyboard.ts";
import { PresenceFeed } from "./presence-feed.ts";
import type { ShareRecord, ViewerRecord } from "./share-record.ts";
import { TypingTold } from "./typing-told.ts";

/** Key of the session's owner among the people of a terminal. */
export const OWNER = "owner";
const OWNER_COLOUR = 0;

/** Who did something at a terminal, and from where: for the audit. */
export interface Actor {
  ownerKey: string;
  name: string;
  account: string;
  role?: string;
  ip: string;
  device?: string;
  requestId: string;
}

/** What happened that the audit is to know. `viewer`: whom it is about. */
export type TerminalAct =
  | { act: "joined" | "left" | "asked" | "allowed" | "refused" | "taken-back" | "returned"; viewer: ViewerRecord }
  | { act: "typed"; viewer: ViewerRecord; bytes: number };

export interface SharedTerminalOptions {
  clock: Clock;
  /** As an earlier process left it. */
  keyboard: KeyboardSnapshot | undefined;
  /** @param by who did it; undefined: nobody, it happened by itself */
  onAct(act: TerminalAct, by: Actor | undefined): void;
  /** The keyboard changed hands, or may soon. */
  onKeyboard(snapshot: KeyboardSnapshot): void;
  /** The link of this seat lets its viewer type now, if the keyboard does. */
  mayType(share: ShareRecord): boolean;
}

/** A viewer's page. */
export interface ViewerWire {
  send(message: ServerMessage): void;
  /** The last message, then the end of the connection. */
  end(why: ShareEndReason): void;
  /** The page is to come again by itself. */
  reconnect(): void;
}

interface OwnerPage {
  actor: Actor;
  send(message: ServerMessage): void;
  isOpen: boolean;
}

interface ViewerPage {
  wire: ViewerWire;
  isOpen: boolean;
}

/** A viewer who is here, or was a moment ago. */
interface Present {
  viewer: ViewerRecord;
  share: ShareRecord;
  actor: Actor;
  pages: Set<ViewerPage>;
  cancelGone: () => void;
}

export interface ViewerSeat extends Seat {
  /** She might have typed on this connection: keys of hers may still be on their way when she may no more. */
  readonly mightHaveTyped: boolean;
}

export class SharedTerminal {
  readonly #options: SharedTerminalOptions;
  readonly #keyboard: Keyboard;
  readonly #feed: PresenceFeed;
  readonly #typing: TypingTold;
  readonly #owners = new Set<OwnerPage>();
  readonly #present = new Map<string, Present>();
  #owner: SharePerson | undefined;
  #cancelKeyboardTimer = () => {};
  #cancelTell: (() => void) | undefined;

  constructor(options: SharedTerminalOptions) {
    this.#options = options;
    const { clock, keyboard } = options;
    this.#keyboard = keyboard === undefined ? new Keyboard() : Keyboard.restore(keyboard, clock.nowMs());
    if (keyboard === undefined) this.#keyboard.handleOwnerLeft(clock.nowMs());
    this.#feed = new PresenceFeed(clock, (message) => this.#sendToAll(message));
    this.#typing = new TypingTold(
      clock,
      (who) => this.#sendToAll({ type: "typing", who }),
      (who, bytes) => {
        const present = this.#present.get(who);
        if (present) options.onAct({ act: "typed", viewer: present.viewer, bytes }, present.actor);
      },
    );
    this.#armKeyboard();
  }

  /** People who watch now. @param shareId by this link only */
  watching(shareId?: string): number {
    let count = 0;
    for (const { share, pages } of this.#present.values())
      if (pages.size > 0 && (shareId === undefined || share.id === shareId)) count++;
    return count;
  }

  pagesOf(viewerId: string): number {
    return this.#present.get(viewerId)?.pages.size ?? 0;
  }

  // --- seats

  ownerSeat(actor: Actor, person: SharePerson, send: (message: ServerMessage) => void): Seat {
    const page: OwnerPage = { actor, send, isOpen: false };
    this.#owner = person;
    return {
      typing: (bytes) => this.#ownerTyped(page, bytes),
      open: () => {
        page.isOpen = true;
        this.#owners.add(page);
        this.#keyboard.handleOwnerBack(this.#nowMs);
        this.#keyboardChanged(undefined, true);
        if (this.#present.size > 0) send(this.#state(OWNER, undefined));
      },
      handle: (message) => this.#fromOwner(page, message),
      close: () => {
        if (!this.#owners.delete(page) || this.#owners.size > 0) return;
        this.#keyboard.handleOwnerLeft(this.#nowMs);
        this.#keyboardChanged(undefined, true);
      },
    };
  }

  viewerSeat(viewer: ViewerRecord, share: ShareRecord, actor: Actor, wire: ViewerWire): ViewerSeat {
    const page: ViewerPage = { wire, isOpen: false };
    let mightHaveTyped = false;
    const mayType = (): boolean => {
      mightHaveTyped ||= this.#mayType(viewer, share);
      return this.#mayType(viewer, share);
    };
    return {
      get mightHaveTyped() {
        mayType();
        return mightHaveTyped;
      },
      typing: (bytes) => {
        if (!mayType()) return "swallow";
        this.#keyboard.handleTyped(viewer.id, this.#nowMs);
        this.#armKeyboard();
        this.#typing.handleTyped(viewer.id, bytes, true);
        return "take";
      },
      open: () => {
        page.isOpen = true;
        this.#viewerCame(viewer, share, actor, page);
        wire.send(this.#state(viewer.id, share));
      },
      handle: (message) => {
        mayType();
        this.#fromViewer(viewer, share, actor, page, message);
      },
      close: () => this.#viewerPageGone(viewer, page),
    };
  }

  /** A link ended, or somebody is not let in by it any more: pages are cut at once. @param viewerId absent: all of its viewers */
  putOut(share: ShareRecord, why: ShareEndReason, viewerId?: string): void {
    for (const present of [...this.#present.values()]) {
      const { viewer } = present;
      if (present.share.id !== share.id || (viewerId !== undefined && viewer.id !== viewerId)) continue;
      for (const page of [...present.pages]) {
        page.isOpen = false;
        page.wire.end(why);
      }
      present.pages.clear();
      this.#left(present);
    }
    for (const viewer of share.viewers.values())
      if (viewerId === undefined || viewer.id === viewerId)
        this.#keyboard.remove(viewer.id, why === "expired" ? "expire" : "revoke", this.#nowMs);
    this.#keyboardChanged(undefined, true);
  }

  /** What the link shows changed: its pages come again, and get what they may have now. */
  reconnect(share: ShareRecord): void {
    for (const present of this.#present.values())
      if (present.share.id === share.id) for (const { wire } of [...present.pages]) wire.reconnect();
  }

  /** The link's mode or end changed: who may not ask any more has no question, and no keyboard. */
  handleShareChanged(share: ShareRecord): void {
    if (share.mode !== "ask")
      for (const viewer of share.viewers.values()) this.#keyboard.remove(viewer.id, "revoke", this.#nowMs);
    this.#keyboardChanged(undefined, true);
  }

  close(): void {
    this.#cancelKeyboardTimer();
    this.#cancelTell?.();
    this.#feed.close();
    for (const present of this.#present.values()) present.cancelGone();
  }

  // --- what people do

  #ownerTyped({ actor }: OwnerPage, bytes: number): "take" | "swallow" {
    const holder = this.#keyboard.takeBack(this.#nowMs);
    if (holder === undefined) {
      if (this.#present.size > 0) this.#typing.handleTyped(OWNER, bytes, false);
      return "take";
    }
    this.#keyboardChanged(actor, true, true);
    return "swallow";
  }

  #fromOwner({ actor }: OwnerPage, message: SharingPageMessage): void {
    switch (message.type) {
      case "pointer":
        this.#feed.handlePointer(OWNER, message.at);
        return;
      case "scroll":
        this.#feed.handleScroll(message.linesAboveEnd);
        return;
      case "keyboard":
        this.#ownerAct(message);
        this.#keyboardChanged(actor);
        return;
      default:
        message satisfies never;
    }
  }

  #ownerAct({ act, who }: KeyboardMessage): void {
    if (act === "take-back") this.#keyboard.takeBack(this.#nowMs);
    const present = who === undefined ? undefined : this.#present.get(who);
    if (present === undefined || (act !== "allow" && act !== "refuse")) return;
    if (act === "refuse" || this.#mayAsk(present.share)) this.#keyboard.move(present.viewer.id, act, this.#nowMs);
  }

  #fromViewer(
    viewer: ViewerRecord,
    share: ShareRecord,
    actor: Actor,
    page: ViewerPage,
    message: SharingPageMessage,
  ): void {
    if (!page.isOpen) return;
    if (message.type === "pointer") this.#feed.handlePointer(viewer.id, message.at);
    if (message.type !== "keyboard") return; // where a viewer scrolls is nobody's matter
    const { act } = message;
    if (act === "ask") this.#ask(viewer, share, page);
    else if (act === "cancel" || act === "give-back") this.#keyboard.move(viewer.id, act, this.#nowMs);
    this.#keyboardChanged(actor);
  }

  #ask(viewer: ViewerRecord, share: ShareRecord, { wire }: ViewerPage): void {
    const { id } = viewer;
    if (!this.#mayAsk(share)) wire.send({ type: "notice", code: "SHARE_VIEW_ONLY" });
    else if (this.#keyboard.isOwnerAway) wire.send({ type: "notice", code: "KEYBOARD_OWNER_AWAY" });
    else if (this.#keyboard.stateOf(id) === "refused") wire.send({ type: "notice", code: "KEYBOARD_ASK_LATER" });
    else this.#keyboard.move(id, "ask", this.#nowMs);
  }

  #mayAsk(share: ShareRecord): boolean {
    return share.mode === "ask" && this.#options.mayType(share);
  }

  #mayType(viewer: ViewerRecord, share: ShareRecord): boolean {
    if (share.mode === "view" || !this.#options.mayType(share)) return false;
    return share.mode === "type" || this.#keyboard.holder === viewer.id;
  }

  // --- coming and going

  #viewerCame(viewer: ViewerRecord, share: ShareRecord, actor: Actor, page: ViewerPage): void {
    const before = this.#present.get(viewer.id);
    const present = before ?? { viewer, share, actor, pages: new Set(), cancelGone: () => {} };
    present.cancelGone();
    present.pages.add(page);
    this.#present.set(viewer.id, present);
    this.#keyboard.handleBack(viewer.id);
    if (before === undefined) {
      this.#options.onAct({ act: "joined", viewer }, actor);
      this.#sendToAll({ type: "sharing-event", event: "joined", who: viewer.id });
    }
    this.#keyboardChanged(undefined, true);
  }

  #viewerPageGone(viewer: ViewerRecord, page: ViewerPage): void {
    page.isOpen = false;
    const present = this.#present.get(viewer.id);
    if (present === undefined || !present.pages.delete(page) || present.pages.size > 0) return;
    this.#feed.handlePointer(viewer.id, null);
    this.#keyboard.handleGone(viewer.id, this.#nowMs);
    present.cancelGone = this.#options.clock.setTimer(this.#nowMs + VIEWER_GONE_MS, () => this.#left(present));
    this.#keyboardChanged(undefined, true);
  }

  #left(present: Present): void {
    const { actor, viewer } = present;
    present.cancelGone();
    if (!this.#present.delete(viewer.id)) return;
    this.#typing.handleLeft(viewer.id);
    this.#options.onAct({ act: "left", viewer }, actor);
    this.#sendToAll({ type: "sharing-event", event: "left", who: viewer.id });
    this.#keyboard.move(viewer.id, "leave", this.#nowMs);
    this.#keyboardChanged(undefined, true);
  }

  // --- what people are told

  /** Tells and stores what came of a move. @param hasChanged also when no event says so */
  #keyboardChanged(by: Actor | undefined, hasChanged = false, isSwallowed = false): void {
    const events = this.#keyboard.pollEvents();
    for (const { who, event } of events) {
      this.#sendToAll({ type: "sharing-event", event, who, ...(isSwallowed ? { swallowed: true } : {}) });
      const viewer = this.#present.get(who)?.viewer;
      const act = AUDITED[event];
      if (act !== undefined && viewer !== undefined) this.#options.onAct({ act, viewer }, by);
    }
    this.#armKeyboard();
    if (events.length === 0 && !hasChanged) return;
    this.#options.onKeyboard(this.#keyboard.snapshot);
    this.#wantTell();
  }

  #armKeyboard(): void {
    this.#cancelKeyboardTimer();
    const atMs = this.#keyboard.pollTimeoutMs();
    if (atMs === undefined) return;
    this.#cancelKeyboardTimer = this.#options.clock.setTimer(atMs, () => {
      this.#keyboard.handleTimeout(this.#nowMs);
      this.#keyboardChanged(undefined);
    });
  }

  /** Everybody learns how it is now: once for all that happens within a tick. */
  #wantTell(): void {
    const { clock } = this.#options;
    this.#cancelTell ??= clock.setTimer(clock.nowMs() + POINTERS_EVERY_MS, () => {
      this.#cancelTell = undefined;
      for (const page of this.#owners) page.send(this.#state(OWNER, undefined));
      for (const { viewer, share, pages } of this.#present.values())
        for (const { wire } of pages) wire.send(this.#state(viewer.id, share));
    });
  }

  #state(you: string, share: ShareRecord | undefined): SharingMessage {
    const people: PresentPerson[] = [...this.#present.values()].map(({ viewer, share: by, pages }) => {
      const state = this.#keyboard.stateOf(viewer.id);
      const until = this.#keyboard.untilOf(viewer.id);
      return {
        key: viewer.id,
        ...viewer.person,
        colour: viewer.colour,
        mode: by.mode,
        keyboard: state === "revoked" || state === "expired" ? "watching" : state,
        ...(until === undefined ? {} : { until }),
        connected: pages.size > 0,
      };
    });
    const owner = share?.owner ?? this.#owner;
    const isHere = this.#owners.size > 0;
    const first: PresentPerson[] =
      owner === undefined
        ? []
        : [{ key: OWNER, ...owner, colour: OWNER_COLOUR, keyboard: "watching", connected: isHere }];
    return {
      type: "sharing",
      nowMs: this.#nowMs,
      you,
      people: [...first, ...people],
      ownerAway: !isHere,
      ...(share?.expiresAtMs === undefined ? {} : { expiresAt: share.expiresAtMs }),
    };
  }

  #sendToAll(message: ServerMessage): void {
    if (this.#present.size === 0 && message.type !== "sharing-event") return;
    for (const page of this.#owners) page.send(message);
    for (const { pages } of this.#present.values()) for (const { wire } of pages) wire.send(message);
  }

  get #nowMs(): number {
    return this.#options.clock.nowMs();
  }
}

type ActOfEvent = Exclude<TerminalAct["act"], "typed" | "joined" | "left">;

const AUDITED: Partial<Record<SharingEventMessage["event"], ActOfEvent>> = {
  asked: "asked",
  allowed: "allowed",
  refused: "refused",
  "no-answer": "refused",
  "taken-back": "taken-back",
  "given-back": "returned",
  returned: "returned",
};
