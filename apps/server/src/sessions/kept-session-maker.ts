/** Makes a session of its facts: puts log, keeper, protocol core and AWS calls together. Decides nothing. */
import { ClientChannel } from "@causeway/ssm-data-channel";
import type { SessionEnd, SessionLimit } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../identity/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { SessionCalls } from "./calls/session-calls.ts";
import type { PreferencesReader } from "./calls/session-preferences.ts";
import { channelHost } from "./channel/channel-host.ts";
import { ChannelKeeper } from "./channel/channel-keeper.ts";
import type { DataChannelDialer } from "./channel/data-channel-dialer.ts";
import { TypingTally } from "./input/typing-tally.ts";
import type { KeptSession } from "./kept-sessions.ts";
import { LiveSession } from "./live-session.ts";
import { type CheckpointMaker, NO_CHECKPOINT_MAKER } from "./log/checkpoint-store.ts";
import type { RecoveredKeeperState } from "./log/file-session-logs.ts";
import { decodeMemo } from "./log/keeper-memo.ts";
import type { DurableLog } from "./log/session-logs.ts";
import { walkPast } from "./log/walk-past.ts";
import type { OutputTick } from "./readers/output-tick.ts";
import type { SessionFacts } from "./session-store.ts";
import { within } from "./within.ts";

/** Reported to the agent; newer features need at least 1.2.650.0 (data-channel.md §2.3, §16.2). */
const CLIENT_VERSION = "1.2.650.0";
/** A resume does not wait longer for the account's limits, in milliseconds. */
export const PREFERENCES_WAIT_MAX_MS = 2_000;

export interface KeptSessionMakerDeps {
  calls: SessionCalls;
  preferences: PreferencesReader;
  dialer: DataChannelDialer;
  clock: Clock;
  log: Log;
  tick: OutputTick;
  /** Makes checkpoints of this session until its log is deleted; default: nobody does. */
  checkpointsOf?: (sessionId: string, log: DurableLog) => CheckpointMaker;
  random: () => number;
  randomUuid: () => string;
  onEnded(session: KeptSession, end: SessionEnd, wantsTerminate: boolean): void;
  onIdleLimit(session: KeptSession, limit: SessionLimit): void;
}

/** What an earlier process left of a session: its keeper's state, or its end. */
export interface LeftOver {
  keeper?: RecoveredKeeperState;
  end?: SessionEnd;
}

export class KeptSessionMaker {
  readonly #deps: KeptSessionMakerDeps;

  constructor(deps: KeptSessionMakerDeps) {
    this.#deps = deps;
  }

  /** Nothing is opened or sent yet. */
  make(facts: SessionFacts, identity: AwsIdentity, sessionLog: DurableLog, left: LeftOver = {}): KeptSession {
    const { keeper, end } = left;
    const { calls, clock, dialer, random, tick } = this.#deps;
    const log = this.#deps.log.child({ sessionId: facts.id });
    const address = { region: facts.region, awsSessionId: facts.awsSessionId };
    const typing = new TypingTally();
    const size = sessionLog.sizeAt(sessionLog.headOffset);
    // The callbacks below name `session`: they run after `open` at the earliest, when it is complete.
    const live = new LiveSession({
      log: sessionLog,
      size,
      startedAtMs: facts.startedAtMs,
      idle: keeper && decodeMemo(keeper.memo, facts.startedAtMs).idle,
      clock,
      tick,
      typing,
      checkpointMaker: this.#deps.checkpointsOf?.(facts.id, sessionLog) ?? NO_CHECKPOINT_MAKER,
      ...(end && { end }),
      ...(keeper && { recovered: keeper }),
      makeKeeper: (listener) =>
        new ChannelKeeper({
          channel: new ClientChannel({
            sessionId: facts.awsSessionId,
            targetId: facts.instanceId,
            clientId: this.#deps.randomUuid(),
            clientVersion: CLIENT_VERSION,
            host: channelHost,
            storeFirst: true,
            ...(sessionLog.earlySpill && { spill: sessionLog.earlySpill }),
            ...(keeper && { resumeFrom: walkPast(keeper.channel, keeper.walkPastBelow, size) }),
            ...(keeper?.walkPastBelow !== undefined && { walkPastBelow: keeper.walkPastBelow }),
          }),
          dialer,
          calls: {
            checkCredentials: async () => void (await session.identity.credentials()),
            resume: async (signal, withinMs) => {
              // What comes of the resume depends on the account's limit, and a session found again may not know it yet.
              await within(clock, this.readPreferences(session), PREFERENCES_WAIT_MAX_MS);
              const answer = await calls.resume(session.identity, address, { signal, withinMs });
              if (answer.kind === "token") live.handleResumed();
              return answer;
            },
            instanceProblem: () => calls.instanceProblem(session.identity, facts.region, facts.instanceId),
            generateDataKey: (keyId, context) => calls.generateDataKey(session.identity, facts.region, keyId, context),
          },
          clock,
          random,
          listener,
          log,
        }),
      onEnded: (end, wantsTerminate) => this.#deps.onEnded(session, end, wantsTerminate),
      onIdleLimit: (limit) => this.#deps.onIdleLimit(session, limit),
    });
    const session: KeptSession = { facts, live, identity, typing, ending: undefined, preferencesRead: undefined };
    return session;
  }

  /** A role that may not read the document loses nothing but knowledge: the session goes on all the same. */
  readPreferences(session: KeptSession): Promise<void> {
    const { facts, identity, live } = session;
    session.preferencesRead ??= this.#deps.preferences
      .readPreferences(identity, facts.region, facts.documentName)
      .then((preferences) => live.setPreferences(preferences));
    return session.preferencesRead;
  }
}
