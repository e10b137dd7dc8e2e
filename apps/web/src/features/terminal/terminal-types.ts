/**
 * What a terminal session is told and what it needs from the page, in our words: nothing here knows React, fetch or xterm.
 */
import type { Problem } from "@causeway/wire-contract/problem";
import type {
  AttachTicket,
  ChannelStateName,
  Session,
  SessionEnd,
  StartSessionRequest,
} from "@causeway/wire-contract/sessions";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { TypingTarget } from "./broadcast-target.ts";
import type { LatencySample } from "./latency-line.ts";
import type { LinkTarget } from "./links/terminal-links.ts";
import type { CommandEnd } from "./marks/command-marks.ts";
import type { HeldModifiers } from "./on-screen-keys.ts";
import type { ProgramProgress } from "./output/program-progress.ts";
import type { Continuity } from "./output-writer.ts";
import type { PasteAsk } from "./paste/paste-rules.ts";
import type { TerminalSettings } from "./terminal-settings.ts";
import type { TimeLeft } from "./time-left.ts";

export interface TerminalTarget {
  /** The identity that the shell is opened with; absent: the login's first. */
  identityId?: string;
  /** What the person said when she opened it; said again when it is started again. */
  reason?: string;
  documentName?: string;
  instanceId: string;
  instanceName: string;
  region: string;
  availabilityZone?: string;
  platform?: string;
}

/** Every call rejects with an error that carries a `problem` of the catalog, or with any other error when no answer came. */
export interface TerminalApi {
  startSession(request: StartSessionRequest, signal?: AbortSignal): Promise<Session>;
  attachTicket(sessionId: string, signal?: AbortSignal): Promise<AttachTicket>;
  endSession(sessionId: string): Promise<void>;
}

/** A handler that takes at least what we read of an event (method form: a browser's handlers fit it). */
type Handler<E> = { handle(event: E): void }["handle"] | null;

/** The part of a browser `WebSocket` that is used; `binaryType` must be "arraybuffer". */
export interface WebSocketLike {
  onopen: Handler<unknown>;
  onmessage: Handler<{ data: unknown }>;
  onclose: Handler<{ code: number; reason: string }>;
  onerror: Handler<unknown>;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Milliseconds by a clock that runs during sleep (the wall clock), and timers. */
export interface TerminalClock {
  nowMs(): number;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** What shares the connection with the terminal and is not its own: who looks at it, and who may type. */
export interface SharedUse {
  /** Every message of the connection but `attached`, before the terminal acts on it. */
  handleMessage(message: ServerMessage): void;
  /** The connection is lost, or still is. */
  handleGap(): void;
  /** Of a page that came by a link; absent: the owner's. */
  guest?: {
    /** Are keys to be sent now? Others are dropped here, and never sent later. */
    mayType(): boolean;
    /** A person pressed a key that is not sent. */
    onKeyDropped(): void;
  };
}

/** What happens to the page as a whole. */
export interface PageSignals {
  isVisible(): boolean;
  /** `visible` and `hidden` when that changes, `online`, `focus` of the window. @returns unsubscribe */
  subscribe(listener: (signal: "visible" | "hidden" | "online" | "focus") => void): () => void;
}

export interface TerminalSessionDeps {
  api: TerminalApi;
  /** Same origin, `/api/v1/sessions/:id/attach`, subprotocol `causeway.v1`, `binaryType` "arraybuffer". */
  openSocket(sessionId: string): WebSocketLike;
  clock: TerminalClock;
  randomHex(bytes: number): string;
  /** AWS refuses this person's credentials, and she asked to sign in again. */
  onSignInWanted?(): void;
  /** Default: this document and window. */
  page?: PageSignals;
  /** Default: the browser's. Rejects where it does not let the page. */
  clipboard?: Pick<Clipboard, "readText" | "writeText">;
  /** Opens a web address in a new tab, which learns nothing of this one. */
  openLink?: (uri: string) => void;
  shared?: SharedUse;
  /** While the person broadcasts: the others that get what she types here, asked at each key. Default: none. */
  alsoTypesInto?(): readonly TypingTarget[];
  /** The person turns the wheel with Ctrl held. @param step px larger, or smaller */
  changeFontSize?(step: number): void;
  /** A command ended, by the shell's marks or by its prompt that is back: a hint. */
  onCommandEnded?(end: CommandEnd): void;
  /** The terminal was let go of: what was made beside it goes with it. */
  onDisposed?(): void;
  /** As chosen by the person; read whenever it matters. Default: as nobody chose anything. */
  settings?: () => TerminalSettings;
}

/** `encryption` only where the account demands it. */
export type ConnectingStepName = "session" | "channel" | "encryption" | "shell";

export interface ConnectingStep {
  name: ConnectingStepName;
  state: "waiting" | "active" | "done";
  /** How long it took, once done and if it was measured here. */
  tookMs?: number;
}

/** Keys that the server has not stored: typed during a gap, or sent into a connection that was already dead. */
export interface HeldKeys {
  keys: number;
  /** Keys beyond the bound of 256 bytes, which were not taken. */
  refused: number;
  /** true: too old or holding Enter, so the person decides (`sendHeldKeys` or `dropHeldKeys`). */
  asking: boolean;
  /** They were kept back because the server could not store them, not because the connection was gone. */
  unsent?: true;
}

export interface TerminalNotice {
  id: number;
  /** Code of the error catalog, or one of ours, see `noticeWords`. */
  code: string;
  text?: string;
}

interface StatusBase {
  /** When this kind began, on the clock of the deps. */
  sinceMs: number;
  heldKeys: HeldKeys;
  /** Output arrived while nobody could see this terminal. */
  unread: boolean;
  /** The program's own title (OSC 0 and 2), cleaned and cut. */
  title?: string;
  cols: number;
  rows: number;
  /** Browser to server and back, and when that was measured. */
  latencyMs?: number;
  latencyAtMs?: number;
  /** Server to agent and back, after the newest key. */
  agentLatencyMs?: number;
  agentLatencyAtMs?: number;
  /** The last minute of both, for the line that is drawn. */
  latencyLine?: readonly LatencySample[];
  /** Held for the next key, by keys on the screen. */
  held?: HeldModifiers;
  session?: Session;
  channel?: ChannelStateName;
  /** Why the channel is not as it should be, or the instance does not answer: a code of the error catalog. */
  channelReason?: string;
  /** What becomes of keys while the server's disk takes nothing; absent: they are stored. */
  inputStorage?: "refused" | "without-net";
  notices: readonly TerminalNotice[];
  /** The Tab key leaves the terminal instead of going to the shell. */
  tabMovesFocus: boolean;
  /** How long it may go on, as the server said last; absent until it knows. */
  time?: TimeLeft;
  /** Text that waits for the person's word before the shell gets it. */
  pasteAsk?: PasteAsk;
  /** A program rang, and nobody has seen it yet, or only just. */
  bell?: true;
  /** How far a program says it is. */
  progress?: ProgramProgress;
  /** A program wants this in the clipboard, and the person has not said yet whether programs of this session may. */
  copyAsk?: { text: string };
  /** A link whose text does not say where it goes waits for the person's word. */
  linkAsk?: LinkTarget;
  /** The answer to what the person asked of this terminal last, for a few seconds. */
  said?: string;
  /** Looking for text; grows with each wish to. */
  search?: number;
  /** A large paste is on its way; how much of it the instance's agent has. */
  paste?: { arrivedBytes: number; totalBytes: number };
}

export type TerminalStatus = StatusBase &
  (
    | { kind: "starting"; steps: readonly ConnectingStep[] }
    | { kind: "connecting"; steps: readonly ConnectingStep[] }
    | {
        kind: "open";
        /** A ping or key has had no answer since then (only set after 1.5 s). */
        unansweredSinceMs?: number;
        /** Set for a few seconds after a reconnect: how long the gap was, and how what is shown goes on after it. */
        backAfterMs?: number;
        continuity?: Continuity;
        /** It is said in the terminal, at the place of the gap. */
        isMarked?: boolean;
      }
    | {
        kind: "reconnecting";
        /** The last frame received from the server: where the gap began. */
        lostAtMs: number;
        /** undefined: an attempt is under way. */
        nextTryAtMs?: number;
        attempt: number;
        /** What the server said when it refused the last attempt. */
        problem?: Problem;
      }
    | {
        kind: "failed";
        problem: Problem;
        /** When it is tried again by itself, on the clock of the deps; absent: when the person says so. */
        nextTryAtMs?: number;
      }
    | { kind: "ended"; end: SessionEnd }
  );
