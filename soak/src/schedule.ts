/**
 * What happens to one session, drawn from one seed: how bad its network is throughout, and a timeline of events. Pure.
 * A schedule is plain data, so that a failing one can be read, stored beside its logs, and played again.
 */
import { SeededRandom } from "./seeded-random.ts";

export type AgentProfile = "windowed" | "real-agent";

/** Of one direction of the data channel; as the sandbox's plan of faults takes it. */
export interface FrameFaults {
  loss?: number;
  duplicate?: number;
  reorder?: { probability: number; frames: number };
  delay?: { ms: number; jitterMs: number };
}

/** What a proxy does to the TCP connections that run through it. */
export type WireFault =
  /** All connections are reset. */
  | { kind: "cut" }
  /** All connections stay open and carry nothing ever again; new ones work. */
  | { kind: "half-open" }
  /** Nothing passes for so long, then everything does. */
  | { kind: "stall"; forMs: number }
  | { kind: "delay"; ms: number; forMs: number }
  | { kind: "throttle"; bytesPerSecond: number; forMs: number }
  /** Open connections are reset, new ones refused, for so long. */
  | { kind: "refuse"; forMs: number };

/** `browser`: between pages and server; `aws`: between server and sandbox, API calls and data channels both. */
export type Wire = "browser" | "aws";

export type FaultEvent =
  | {
      kind: "cut-channel";
      end: "client" | "agent" | "both";
      how: "abrupt" | "half_open" | "bye";
      /** How long a half-open socket stays. */
      forMs: number;
    }
  | { kind: "wire"; wire: Wire; fault: WireFault }
  /** Each start after it lives so long before the next kill; none: one kill. */
  | { kind: "kill-server"; signal: "SIGKILL" | "SIGTERM"; downMs: number; againAfterMs: readonly number[] }
  /**
   * The server's process stands still, as in a virtual machine that is suspended, and goes on; `everything`: AWS and its
   * agents stand still with it, and the page's clock jumps, as on a laptop whose lid was closed.
   */
  | { kind: "freeze-server"; forMs: number; everything: boolean }
  /** AWS refuses the person's keys; so much later she signs in with new ones. */
  | { kind: "expire-credentials"; signInAfterMs: number }
  /** The browser is killed and another one attaches. */
  | { kind: "kill-browser" }
  /** Another page of the same person attaches, and types too. */
  | { kind: "second-page" }
  /** The page's computer slept: its clock jumps, its timers did not run. */
  | { kind: "sleep"; ms: number }
  /** Somebody sets the clock of the server's computer; it stays so until all is well again, also over a restart. */
  | { kind: "set-clock"; byMs: number };

export type TimedEvent = FaultEvent & { atMs: number };

export interface Schedule {
  seed: number;
  agent: AgentProfile;
  /** What the program on the machine writes by itself. */
  lines: { count: number; perBurst: number; pauseMs: number };
  frames: { toAgent: FrameFaults; toClient: FrameFaults };
  /** AWS closes the client's socket with "Bye" again and again. */
  recycling: { everyMs: number; jitterMs: number } | undefined;
  /** So many of the tokens that are given out never work. */
  deadTokens: number;
  /** Share of ResumeSession calls that fail: throttled, hanging, or reset before or after they were carried out. */
  resumeFailures: number;
  /** The agent falls silent, counted from the session's start, without closing anything. */
  silentAgent: { afterMs: number; forMs: number } | undefined;
  /** The trouble begins as soon as there is a session, while the channel still shakes hands; else when the program runs. */
  beginsEarly: boolean;
  /** Each chunk of output takes the first page's emulator so long. */
  parseMs: number;
  events: readonly TimedEvent[];
  /** Keys of the first page: when, how many at once, and whether each ends with Enter. */
  typing: readonly { atMs: number; keys: number; enter: boolean }[];
  /** "Send, or drop?": the answers, in turn and over again. */
  answers: readonly ("send" | "drop")[];
  /** So long things go wrong; then all is well again. */
  faultMs: number;
  /** Whether the browser notices that its network is back. */
  saysOnline: boolean;
}

const EVENT_KINDS = [
  "cut-channel",
  "kill-server",
  "wire-browser",
  "wire-aws",
  "expire-credentials",
  "kill-browser",
  "second-page",
  "sleep",
  "freeze-server",
  "set-clock",
] as const;
type EventKind = (typeof EVENT_KINDS)[number];

export const FAULT_MS_MIN = 3_000;
export const FAULT_MS_MAX = 9_000;
const EVENTS_MAX = 5;
const MINUTE_MS = 60_000;
/** Beyond the idle limit, beyond what AWS takes of a signature's time, and neither; within a login's longest duration. */
const CLOCK_SET_BY_MS = [-300 * MINUTE_MS, -2 * MINUTE_MS, 15 * MINUTE_MS, 180 * MINUTE_MS];
/** Keys at once; longer than what may be held while there is no connection. */
const PASTE_KEYS_MAX = 300;

/** @param agent instead of the one that the seed draws */
export function drawSchedule(seed: number, agent?: AgentProfile): Schedule {
  const random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1));
  const drawnAgent = random.pick(["windowed", "real-agent"] as const);
  const faultMs = random.integer(FAULT_MS_MIN, FAULT_MS_MAX);
  const frames = { toAgent: drawFrameFaults(random), toClient: drawFrameFaults(random) };
  const recycling = random.chance(0.25) ? { everyMs: random.integer(300, 3_000), jitterMs: 500 } : undefined;
  return {
    seed,
    agent: agent ?? drawnAgent,
    lines: drawLines(random, faultMs),
    frames,
    recycling,
    deadTokens: random.chance(0.2) ? random.integer(1, 3) : 0,
    resumeFailures: random.chance(0.25) ? random.pick([0.2, 0.5]) : 0,
    silentAgent: random.chance(0.2)
      ? { afterMs: random.integer(500, 6_000), forMs: random.integer(500, 6_000) }
      : undefined,
    beginsEarly: random.chance(0.35),
    parseMs: random.chance(0.25) ? random.integer(5, 60) : 0,
    events: drawEvents(random, seed, faultMs),
    typing: drawTyping(random, faultMs),
    answers: Array.from({ length: 4 }, () => random.pick(["send", "drop"] as const)),
    faultMs,
    saysOnline: random.chance(0.75),
  };
}

function drawFrameFaults(random: SeededRandom): FrameFaults {
  const faults: FrameFaults = {};
  const loss = random.pick([0, 0, 0.01, 0.05, 0.2]);
  if (loss > 0) faults.loss = loss;
  if (random.chance(0.4)) faults.duplicate = random.pick([0.01, 0.1, 0.5]);
  if (random.chance(0.4)) faults.reorder = { probability: random.pick([0.05, 0.3]), frames: random.integer(1, 12) };
  if (random.chance(0.4)) faults.delay = { ms: random.integer(0, 100), jitterMs: random.integer(10, 400) };
  return faults;
}

/** Enough to last for the whole of the trouble, at rates from a slow build to a burst. */
function drawLines(random: SeededRandom, faultMs: number): Schedule["lines"] {
  const perBurst = random.pick([1, 5, 20, 100, 400]);
  const pauseMs = random.integer(50, 250);
  const count = Math.max(20, Math.min(8_000, perBurst * Math.ceil(faultMs / pauseMs)));
  return { count, perBurst, pauseMs };
}

/** The first event's kind goes through the list with the seed, so that ten seeds in a row have seen every kind. */
function drawEvents(random: SeededRandom, seed: number, faultMs: number): readonly TimedEvent[] {
  const kinds: EventKind[] = [EVENT_KINDS[Math.abs(seed) % EVENT_KINDS.length] as EventKind];
  for (let more = random.integer(0, EVENTS_MAX - 1); more > 0; more--) kinds.push(random.pick(EVENT_KINDS));
  const events = kinds.map((kind) => ({ ...drawEvent(random, kind), atMs: random.integer(0, faultMs - 500) }));
  return events.sort((a, b) => a.atMs - b.atMs);
}

function drawEvent(random: SeededRandom, kind: EventKind): FaultEvent {
  switch (kind) {
    case "cut-channel":
      return {
        kind,
        end: random.pick(["client", "agent", "both"] as const),
        how: random.pick(["abrupt", "half_open", "bye"] as const),
        forMs: random.integer(2_000, 20_000),
      };
    case "wire-browser":
      return { kind: "wire", wire: "browser", fault: drawWireFault(random) };
    case "wire-aws":
      return { kind: "wire", wire: "aws", fault: drawWireFault(random) };
    case "kill-server":
      return {
        kind,
        signal: random.chance(0.75) ? "SIGKILL" : "SIGTERM",
        downMs: random.chance(0.3) ? 0 : random.integer(0, 2_500),
        againAfterMs: random.chance(0.3)
          ? Array.from({ length: random.integer(1, 3) }, () => random.integer(0, 400))
          : [],
      };
    case "freeze-server":
      return { kind, forMs: random.integer(200, 4_000), everything: random.chance(0.4) };
    case "expire-credentials":
      return { kind, signInAfterMs: random.integer(500, 4_000) };
    case "sleep":
      return { kind, ms: random.integer(1_000, 120_000) };
    case "set-clock":
      return { kind, byMs: random.pick(CLOCK_SET_BY_MS) };
    case "kill-browser":
    case "second-page":
      return { kind };
  }
}

function drawWireFault(random: SeededRandom): WireFault {
  const forMs = random.integer(300, 4_000);
  return random.pick<WireFault>([
    { kind: "cut" },
    { kind: "half-open" },
    { kind: "stall", forMs },
    { kind: "delay", ms: random.integer(10, 500), forMs },
    { kind: "throttle", bytesPerSecond: random.pick([2_000, 20_000, 200_000]), forMs },
    { kind: "refuse", forMs },
  ]);
}

function drawTyping(random: SeededRandom, faultMs: number): Schedule["typing"] {
  const typing: { atMs: number; keys: number; enter: boolean }[] = [];
  for (let atMs = 0; atMs < faultMs; atMs += random.pick([20, 60, 150, 400]))
    typing.push({
      atMs,
      keys: random.chance(0.03) ? random.integer(20, PASTE_KEYS_MAX) : 1,
      enter: random.chance(0.15),
    });
  return typing;
}
