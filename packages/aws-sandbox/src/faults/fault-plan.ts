/**
 * What goes wrong on purpose, as plain data: the content of `--faults` and of PUT /_sandbox/faults.
 * Every number has a bound, and an empty plan does nothing. Words only: reading is read-fault-plan.ts, doing is elsewhere.
 */

/** Which sessions a rule is about; with neither, all of them. */
export interface SessionSelector {
  session?: string;
  instance?: string;
}

export type Direction = "toAgent" | "toClient";
export type End = "client" | "agent";

/** What happens to the frames of one direction. Frames that the service itself makes are spared. */
export interface DirectionFaults {
  /** Probability, 0 to 1. */
  loss?: number;
  /** Probability that a frame comes twice. */
  duplicate?: number;
  /** A frame is held back until so many later ones have passed, or HOLD_MS_MAX. */
  reorder?: { probability: number; frames: number };
  /** Order is kept: a frame is never sent before one that came earlier. */
  delay?: { ms: number; jitterMs: number };
  /** Only the first so many frames of each session. */
  frames?: number;
}

export interface LinkRule extends SessionSelector {
  toAgent?: DirectionFaults;
  toClient?: DirectionFaults;
}

/** `abrupt`: destroyed. `half_open`: neither read nor written any more. `bye`: close 1000 "Bye", AWS's hourly recycling. */
export const CUT_MANNERS = ["abrupt", "half_open", "bye"] as const;
export type CutManner = (typeof CUT_MANNERS)[number];

export interface Cut {
  end: End | "both";
  how: CutManner;
  /** How long a half-open socket stays before it is destroyed. */
  forMs: number;
}

export interface CutRule extends SessionSelector, Cut {
  /** Counted from the session's start, or from when the plan was set. */
  everyMs?: number;
  /** Added to each interval, from 0 to so much. */
  jitterMs?: number;
  /** Frames relayed in both directions together, each time anew. */
  afterFrames?: number;
  /** Per session. */
  times: number;
}

export interface TokenRule extends SessionSelector {
  end: End;
  /** 0: it never works. */
  lifeMs: number;
  /** Per session. */
  times: number;
}

/** Before: the call is not carried out meanwhile, or at all. After: it is, and only its answer is late or lost. */
export type FaultMoment = "before" | "after";

export type ApiEffect =
  | { kind: "error"; code: string; status?: number; message?: string }
  | { kind: "hang"; ms: number; when: FaultMoment }
  | { kind: "reset"; when: FaultMoment }
  /** ResumeSession only: the answer of a session that can no longer be resumed (data-channel.md §2.1). */
  | { kind: "without_token" };

export interface ApiRule extends SessionSelector {
  /** `*`: every call of a person. Calls of machines have to be named. */
  operation: string;
  /** Id of the one whose calls are meant. */
  person?: string;
  effect: ApiEffect;
  probability: number;
  /** Of all sessions together. */
  times: number;
}

export interface LimitRule extends SessionSelector {
  idleSeconds?: number;
  durationSeconds?: number;
}

/** Why a session does not start although the machine is connected; `blank`: it does, and nothing ever comes. */
export const START_FAILURES = [
  "run_as_no_user",
  "run_as_not_set",
  "log_group_not_encrypted",
  "log_group_unreadable",
  "bucket_not_encrypted",
  "bucket_unreadable",
  "shell_profile",
  "handshake",
  "no_shell_plugin",
  "blank",
] as const;
export type StartFailure = (typeof START_FAILURES)[number];

/** For sessions that begin while the rule is set. */
export interface AgentRule extends SessionSelector {
  fails?: StartFailure;
  profile?: "windowed" | "real-agent";
  /** The process is read so slowly: at most one message per pause. */
  pauseBetweenMessagesMs?: number;
  /** Input is acknowledged so late. */
  acknowledgeDelayMs?: number;
  /** Unacknowledged frames beyond so many are sent once and forgotten: what is lost of them leaves a hole. */
  keepsFrames?: number;
  /** The data channel falls silent without closing, and is redialled afterwards. */
  silent?: { afterMs: number; forMs: number };
}

/** What Systems Manager says of a node, whatever its agent reported. */
export interface NodeRule extends Pick<SessionSelector, "instance"> {
  /** `online`: also when it is long gone. `lost`: also when it is there. */
  ping?: PingClaim;
  agentVersion?: string;
}
export const PING_CLAIMS = ["online", "lost"] as const;
export type PingClaim = (typeof PING_CLAIMS)[number];

/** Calls beyond a rate are throttled: a bucket for each account, region and operation. */
export interface RateRule {
  /** `*`: every call of a person. Calls of machines have to be named. */
  operation: string;
  perSecond: number;
  /** As many may come at once. */
  burst: number;
}

export interface FaultPlan {
  /** The same seed and plan give the same fates to the same frames. */
  seed: number;
  /** The first rule that is about a session and a direction decides. */
  links: readonly LinkRule[];
  /** All that are about a session. */
  cuts: readonly CutRule[];
  /** The first that is about a session and an end. */
  tokens: readonly TokenRule[];
  /** The first that acts. */
  api: readonly ApiRule[];
  /** The first that is about a session. */
  limits: readonly LimitRule[];
  /** The first that is about a session. */
  agents: readonly AgentRule[];
  /** The first that is about a node. */
  nodes: readonly NodeRule[];
  /** The first that is about a call. */
  rates: readonly RateRule[];
}

type Defaulted<Rule, Names extends keyof Rule> = Omit<Rule, Names> & Partial<Pick<Rule, Names>>;

/** A plan as it may be given: what is left out is filled in. */
export interface FaultPlanInput {
  seed?: number;
  links?: readonly LinkRule[];
  cuts?: readonly Defaulted<CutRule, "forMs" | "times">[];
  tokens?: readonly Defaulted<TokenRule, "times">[];
  api?: readonly Defaulted<ApiRule, "probability" | "times">[];
  limits?: readonly LimitRule[];
  agents?: readonly AgentRule[];
  nodes?: readonly NodeRule[];
  rates?: readonly Defaulted<RateRule, "burst">[];
}

export const NO_FAULTS: FaultPlan = {
  seed: 1,
  links: [],
  cuts: [],
  tokens: [],
  api: [],
  limits: [],
  agents: [],
  nodes: [],
  rates: [],
};

export const hasFaults = (plan: FaultPlan): boolean =>
  [plan.links, plan.cuts, plan.tokens, plan.api, plan.limits, plan.agents, plan.nodes, plan.rates].some(
    (rules) => rules.length > 0,
  );

export const selects = (rule: SessionSelector, who: { sessionId?: string; instanceId?: string }): boolean =>
  (rule.session === undefined || rule.session === who.sessionId) &&
  (rule.instance === undefined || rule.instance === who.instanceId);

/** Bounds of a plan; what is beyond them is refused. */
export const RULES_MAX = 100;
export const TIMES_MAX = 1_000_000;
export const DELAY_MS_MAX = 10_000;
export const REORDER_FRAMES_MAX = 64;
export const CUT_EVERY_MS_MIN = 50;
export const CUT_EVERY_MS_MAX = 24 * 3_600_000;
export const HALF_OPEN_MS_DEFAULT = 120_000;
export const HALF_OPEN_MS_MAX = 600_000;
export const HANG_MS_MAX = 120_000;
export const LIMIT_SECONDS_MAX = 86_400;
export const AGENT_PAUSE_MS_MAX = 10_000;
export const AGENT_FRAMES_MAX = 100_000;
export const RATE_MAX = 10_000;
export const BURST_MAX = 100_000;
