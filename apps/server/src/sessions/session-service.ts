/**
 * Starts, finds and ends sessions, and answers who owns one. Every shell is opened and ended with the credentials of the
 * person it belongs to; the service has none of its own. Above 300 lines because start, attach and end of one registry
 * belong together; what each step does stands in the files it imports.
 */
import { ClientChannel } from "@causeway/ssm-data-channel";
import type { Session, SessionEnd, StartSessionRequest } from "@causeway/wire-contract/sessions";
import type { SessionAccess } from "../access/index.ts";
import { type AwsIdentity, holdCredentials } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { channelHost } from "./channel-host.ts";
import { ChannelKeeper } from "./channel-keeper.ts";
import { type CheckpointMaker, NO_CHECKPOINT_MAKER } from "./checkpoint-store.ts";
import type { DataChannelDialer } from "./data-channel-dialer.ts";
import type { RecoveredKeeperState, RecoveredSession } from "./file-session-logs.ts";
import { decodeMemo } from "./keeper-memo.ts";
import { describeSession, ENDED_KEPT_MS, type KeptSession, KeptSessions } from "./kept-sessions.ts";
import { sortLeftSessions } from "./left-sessions.ts";
import { type Attachment, type AttachRequest, LiveSession } from "./live-session.ts";
import { OutputTick } from "./output-tick.ts";
import { PacedSessionCalls } from "./paced-session-calls.ts";
import { type AuditSink, NO_REQUEST, type RequestOrigin, SessionAudit } from "./session-audit.ts";
import type { SessionCalls } from "./session-calls.ts";
import { type EndRequest, endOnRequest } from "./session-end.ts";
import type { DurableLog, SessionLogs } from "./session-logs.ts";
import { type SessionMetrics, sessionMetrics } from "./session-metrics.ts";
import type { PreferencesReader } from "./session-preferences.ts";
import type { SessionFacts, SessionStore } from "./session-store.ts";
import { startInAws } from "./start-in-aws.ts";
import { StartSlots } from "./start-slots.ts";
import { TypingTally } from "./typing-tally.ts";
import { UnheldSessions } from "./unheld-sessions.ts";
import { WaitingSessions } from "./waiting-sessions.ts";
import { walkPast } from "./walk-past.ts";
import { within } from "./within.ts";

/** Reported to the agent; newer features need at least 1.2.650.0 (data-channel.md §2.3, §16.2). */
const CLIENT_VERSION = "1.2.650.0";
/** After TerminateSession the last output and `channel_closed` may still come, in milliseconds. */
export const END_GRACE_MS = 1_000;
/** A name is nice to have: a start does not wait longer for it, in milliseconds. */
export const INSTANCE_NAME_WAIT_MAX_MS = 2_000;
/** A resume does not wait longer for the account's limits, in milliseconds. */
export const PREFERENCES_WAIT_MAX_MS = 2_000;

const LOST_OUTPUT_TEXT = "The machine that Causeway runs on crashed: some output is missing here.";

export interface SessionServiceDeps {
  calls: SessionCalls;
  preferences: PreferencesReader;
  dialer: DataChannelDialer;
  store: SessionStore;
  logs: SessionLogs;
  audit: AuditSink;
  metrics: Metrics;
  clock: Clock;
  log: Log;
  /** Makes checkpoints of this session until its log is deleted; default: nobody does. */
  checkpointsOf?: (sessionId: string, log: DurableLog) => CheckpointMaker;
  random: () => number;
  randomId: () => string;
  randomUuid: () => string;
  settings: { sessionDocument: string; sessionsPerPersonMax: number };
}

export class SessionService implements SessionAccess {
  readonly #deps: SessionServiceDeps;
  readonly #sessions: KeptSessions;
  readonly #tick: OutputTick;
  readonly #metrics: SessionMetrics;
  readonly #audit: SessionAudit;
  readonly #slots = new StartSlots();
  readonly #calls: SessionCalls;
  readonly #unheld: UnheldSessions;
  readonly #waiting: WaitingSessions;
  /** Sessions that AWS has started and that are not kept yet, by AWS's id: as many as starts are under way. */
  readonly #starting = new Set<string>();
  /** Starts under way: bounded by the slots of each person. */
  readonly #starts = new Set<Promise<KeptSession>>();
  #stopping = false;

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
    this.#calls = new PacedSessionCalls(deps.calls, deps.clock);
    this.#sessions = new KeptSessions(deps.clock);
    this.#tick = new OutputTick(deps.clock);
    this.#audit = new SessionAudit(deps.audit);
    this.#unheld = new UnheldSessions({
      calls: this.#calls,
      store: deps.store,
      audit: deps.audit,
      isHeld: (awsSessionId) => this.isHeld(awsSessionId),
    });
    this.#waiting = new WaitingSessions(deps.clock, () => this.#sessions.open().map(({ live }) => live));
    this.#metrics = sessionMetrics(deps.metrics, () => this.#sessions.counts());
  }

  ownerKeyOf(sessionId: string): string | undefined {
    return this.#sessions.get(sessionId)?.facts.ownerKey;
  }

  /**
   * Goes on with the sessions that an earlier process left: same shells, same logs. Call it once, before anybody attaches.
   * @param found the logs of the data directory
   * @param identityOf whose credentials act for a session: her newest login's, or none until she signs in
   */
  async reopen(
    found: readonly RecoveredSession[],
    identityOf: (facts: SessionFacts) => Promise<AwsIdentity>,
  ): Promise<void> {
    const { clock, log, logs, store } = this.#deps;
    const nowMs = clock.nowMs();
    const left = sortLeftSessions(await store.left(nowMs - ENDED_KEPT_MS), found, nowMs);
    for (const { facts, found } of left.running) {
      const session = this.#build(facts, await identityOf(facts), found.log, { keeper: found.keeper });
      this.#sessions.add(session);
      if (found.lostOutput) session.live.onNotice("OUTPUT_NOT_KEPT", LOST_OUTPUT_TEXT);
      session.live.reopen(decodeMemo(found.keeper.memo, facts.startedAtMs).streamUrl);
    }
    for (const { facts, found, end, isRecorded } of left.ended) {
      if (found === undefined) {
        await store.recordEnd(facts.id, end);
        continue;
      }
      found.log.appendMark({ kind: "end", end });
      const session = this.#build(facts, await identityOf(facts), found.log, { end });
      this.#sessions.add(session);
      if (isRecorded) this.#sessions.handleEnded(session);
      else this.#handleEnded(session, end, false);
    }
    for (const id of left.unknown) await logs.delete(id);
    const counts = { running: left.running.length, ended: left.ended.length, unknown: left.unknown.length };
    if (found.length > 0 || left.ended.length > 0) log.info(counts, "sessions of an earlier server found");
  }

  /** A log stopped, or began again, to survive this process: the pane says so, and asks whether input may pass. */
  handleDurable(sessionId: string, isDurable: boolean): void {
    this.#sessions.get(sessionId)?.live.handleDurable(isDurable);
  }

  /** @throws CatalogError: whatever AWS says, SESSION_LIMIT_REACHED, STORAGE_FULL, CHANNEL_OPEN_FAILED, SERVER_STOPPING */
  async start(identity: AwsIdentity, request: StartSessionRequest, origin: RequestOrigin): Promise<Session> {
    const { ownerKey } = identity;
    try {
      this.#reserve(ownerKey);
    } catch (error) {
      this.#refused(identity, request, origin, error);
      throw error;
    }
    const start = this.#start(identity, request, origin);
    this.#starts.add(start);
    try {
      return describeSession(await start, identity);
    } catch (error) {
      this.#refused(identity, request, origin, error);
      throw error;
    } finally {
      this.#starts.delete(start);
      this.#slots.release(ownerKey);
    }
  }

  /**
   * @param identity of the login that asks, which owns it; absent: the one that acts for it
   * @throws CatalogError SESSION_NOT_FOUND
   */
  get(sessionId: string, identity?: AwsIdentity): Session {
    const session = this.#find(sessionId);
    return describeSession(session, identity ?? session.identity);
  }

  /** The open and lately ended ones of a login, oldest first. Those that wait for credentials try the login's. */
  listFor(...identities: readonly AwsIdentity[]): Session[] {
    const found = identities.flatMap((identity) =>
      this.#sessions.of(identity.ownerKey).map((session) => {
        if (session.live.waitsForCredentials) this.#adopt(session, identity);
        return describeSession(session, identity);
      }),
    );
    return found.sort((a, b) => a.startedAt - b.startedAt);
  }

  /** Fresh credentials of a person are there: all her sessions go on with them. */
  handleSignedIn(identity: AwsIdentity): void {
    for (const session of this.#sessions.of(identity.ownerKey)) {
      session.identity = identity;
      session.live.handleCredentialsRenewed();
    }
  }

  /** A keeper of this process has that session of AWS, whoever's it is, or is about to. */
  isHeld(awsSessionId: string): boolean {
    if (this.#starting.has(awsSessionId)) return true;
    return this.#sessions.open().some(({ facts }) => facts.awsSessionId === awsSessionId);
  }

  /** The person's sessions in AWS that no keeper of this process holds. */
  get unheld(): UnheldSessions {
    return this.#unheld;
  }

  /**
   * Attaches a page. The caller's login becomes the one that acts for the session: it is the owner's newest.
   * @throws CatalogError SESSION_NOT_FOUND, READERS_LIMIT_REACHED
   */
  attach(
    sessionId: string,
    identity: AwsIdentity,
    request: Omit<AttachRequest, "person">,
    origin: RequestOrigin,
  ): Attachment {
    const session = this.#find(sessionId);
    if (session.facts.ownerKey !== identity.ownerKey) throw new CatalogError("SESSION_NOT_FOUND");
    const person = { ownerKey: identity.ownerKey, name: identity.name };
    const attachment = session.live.attach({ ...request, person });
    this.#adopt(session, identity);
    this.#audit.write("session.attached", session.facts, identity, origin);
    let attached = true;
    return {
      ...attachment,
      typeWithoutNet: (confirmed) => {
        const hasChanged = attachment.typeWithoutNet(confirmed);
        const detail = confirmed ? "confirmed" : "taken back";
        if (hasChanged) this.#audit.write("session.typing_without_net", session.facts, identity, origin, detail);
        return hasChanged;
      },
      detach: () => {
        if (!attached) return;
        attached = false;
        attachment.detach();
        this.#audit.write("session.detached", session.facts, identity, origin);
      },
    };
  }

  /**
   * Ends the shell in AWS with the caller's credentials, then closes. Idempotent. Without usable credentials the channel
   * is closed all the same: AWS then ends the shell at its idle limit, and the end says so.
   */
  async end(sessionId: string, by: AwsIdentity, origin: RequestOrigin): Promise<void> {
    const session = this.#find(sessionId);
    if (session.live.end !== undefined) return;
    session.ending ??= this.#terminate(session, by, { by: "you" }).then(() =>
      this.#audit.write("session.terminated", session.facts, by, origin),
    );
    await session.ending;
  }

  /**
   * The owner signed out: her shells end with the credentials she had. Those that are about to start end themselves.
   * @returns how many AWS ended
   */
  async endAllOf(identity: AwsIdentity): Promise<number> {
    const open = this.#sessions.of(identity.ownerKey).filter(({ live }) => live.end === undefined);
    const ended = await Promise.all(open.map((session) => this.#terminate(session, identity, { by: "you" })));
    return ended.filter(Boolean).length;
  }

  /** An admin put the person out. @returns how many shells were closed, whether or not AWS could be asked to end them */
  async closeAllOf(personKey: string): Promise<number> {
    const open = this.#sessions.openOf(personKey);
    const request = { by: "server", code: "ENDED_BY_ADMIN" } as const;
    await Promise.all(open.map((session) => this.#terminate(session, session.identity, request)));
    return open.length;
  }

  openCountOf(personKey: string): number {
    return this.#sessions.openOf(personKey).length;
  }

  /**
   * Ends no shell: tells every page to come back, and stores all there is, so that the next process goes on. Ends and
   * starts that are under way come first.
   */
  async shutdown(): Promise<void> {
    const { log, logs } = this.#deps;
    this.#stopping = true;
    this.#waiting.close();
    const ends: Promise<void>[] = [];
    for (const { ending, live } of this.#sessions.open()) {
      if (ending === undefined) live.suspend();
      else ends.push(ending);
    }
    await Promise.allSettled([...ends, ...this.#starts]);
    const open = this.#sessions.open();
    for (const { live } of open) live.suspend();
    await logs.close();
    log.info({ open: open.length }, "sessions stored; the next start goes on with them");
  }

  async #start(identity: AwsIdentity, request: StartSessionRequest, origin: RequestOrigin): Promise<KeptSession> {
    const { clock, logs, random, settings, store } = this.#deps;
    const { region, target: instanceId } = request;
    const id = this.#deps.randomId();
    const held = await holdCredentials(identity);
    const instance = this.#calls.describeInstance(identity, region, instanceId);
    const target = { region, instanceId, documentName: settings.sessionDocument };
    const deps = { calls: this.#calls, clock, random };
    // Before AWS is asked: a shell whose output has no place is not even started.
    const sessionLog = await logs.create(id, { cols: request.cols, rows: request.rows });
    const { started, documentName } = await startInAws(deps, identity, target, instance).catch((error: unknown) => {
      this.#deleteLog(id);
      throw error;
    });
    this.#starting.add(started.awsSessionId);
    const facts: SessionFacts = {
      id,
      awsSessionId: started.awsSessionId,
      ownerKey: identity.ownerKey,
      loginId: identity.loginId,
      account: identity.account,
      region,
      instanceId,
      instanceName: instanceId,
      documentName,
      startedAtMs: clock.nowMs(),
    };
    const session = this.#build(facts, identity, sessionLog);
    try {
      // The token is valid only briefly: the channel is opened before anything else is waited for.
      await session.live.open(started.streamUrl, started.token);
      facts.instanceName = (await within(clock, instance, INSTANCE_NAME_WAIT_MAX_MS))?.name ?? instanceId;
      await store.recordStart(facts);
    } catch (error) {
      await this.#terminateQuietly(session, held);
      session.live.finish({ by: "server", at: clock.nowMs() });
      this.#deleteLog(id);
      this.#starting.delete(started.awsSessionId);
      throw error;
    }
    this.#sessions.add(session);
    session.live.handleDurable(sessionLog.isDurable); // what its log said before the session was known reached nobody
    this.#starting.delete(started.awsSessionId);
    void this.#readPreferences(session);
    this.#metrics.started();
    this.#audit.write("session.started", session.facts, identity, origin);
    // It ended while it was being recorded; a failure (it has a code) still leaves a shell in AWS.
    const { end } = session.live;
    if (end !== undefined) this.#handleEnded(session, end, end.code !== undefined);
    const signedOut = await isSignedOut(identity);
    if (!signedOut && !this.#stopping) return session;
    // Whoever signed out, or stops the server, ended the sessions that were kept by then; this one came too late.
    await this.#terminate(session, held, { by: signedOut ? "you" : "server" });
    throw new CatalogError(signedOut ? "SIGN_IN_REQUIRED" : "SERVER_STOPPING");
  }

  /** @param left by an earlier process: the keeper's state, or the end */
  #build(
    facts: SessionFacts,
    identity: AwsIdentity,
    sessionLog: DurableLog,
    left: { keeper?: RecoveredKeeperState; end?: SessionEnd } = {},
  ): KeptSession {
    const { keeper, end } = left;
    const { clock, dialer, random } = this.#deps;
    const calls = this.#calls;
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
      tick: this.#tick,
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
            ...(keeper && { resumeFrom: walkPast(keeper.channel, keeper.walkPastBelow, size) }),
            ...(keeper?.walkPastBelow !== undefined && { walkPastBelow: keeper.walkPastBelow }),
          }),
          dialer,
          calls: {
            checkCredentials: async () => void (await session.identity.credentials()),
            resume: async (signal) => {
              // What comes of the resume depends on the account's limit, and a session found again may not know it yet.
              await within(clock, this.#readPreferences(session), PREFERENCES_WAIT_MAX_MS);
              const answer = await calls.resume(session.identity, address, signal);
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
      onEnded: (end, wantsTerminate) => {
        if (this.#sessions.get(facts.id) !== undefined) this.#handleEnded(session, end, wantsTerminate);
      },
      onIdleLimit: (limit) => {
        void this.#terminate(session, session.identity, { by: "server", limit });
      },
    });
    const session: KeptSession = { facts, live, identity, typing, ending: undefined, preferencesRead: undefined };
    return session;
  }

  #handleEnded(session: KeptSession, end: SessionEnd, wantsTerminate: boolean): void {
    const { log, store } = this.#deps;
    this.#sessions.handleEnded(session);
    this.#metrics.ended(end.by);
    if (wantsTerminate) void this.#terminateQuietly(session, session.identity);
    const limit = end.limit && `${end.limit.kind} limit`;
    const detail = [`by ${end.by}`, limit, end.code, session.typing.describe()].filter(Boolean).join("; ");
    this.#audit.write("session.ended", session.facts, session.identity, NO_REQUEST, detail);
    store.recordEnd(session.facts.id, end).catch((error: unknown) => {
      log.error({ err: error, sessionId: session.facts.id }, "the end of a session could not be stored");
    });
  }

  /** @returns false: AWS did not end it. */
  async #terminate(session: KeptSession, identity: AwsIdentity, request: EndRequest): Promise<boolean> {
    const { clock } = this.#deps;
    session.live.expectEnd(request);
    const ended = await this.#terminateQuietly(session, identity);
    if (!ended) {
      const text = "AWS could not be asked to end the shell; it ends it at the account's idle limit.";
      session.live.finish(endOnRequest(request, clock.nowMs(), text));
      return false;
    }
    await session.live.whenEnded(END_GRACE_MS);
    session.live.finish(endOnRequest(request, clock.nowMs()));
    return true;
  }

  async #terminateQuietly({ facts }: KeptSession, identity: AwsIdentity): Promise<boolean> {
    try {
      await this.#calls.terminate(identity, { region: facts.region, awsSessionId: facts.awsSessionId });
      return true;
    } catch (error) {
      this.#deps.log.warn({ err: error, sessionId: facts.id }, "session not ended in AWS");
      return false;
    }
  }

  #deleteLog(id: string): void {
    this.#deps.logs.delete(id).catch((error: unknown) => {
      this.#deps.log.error({ err: error, sessionId: id }, "the log of a session that did not start was not deleted");
    });
  }

  /** A role that may not read the document loses nothing but knowledge: the session goes on all the same. */
  #readPreferences(session: KeptSession): Promise<void> {
    const { facts, identity, live } = session;
    session.preferencesRead ??= this.#deps.preferences
      .readPreferences(identity, facts.region, facts.documentName)
      .then((preferences) => live.setPreferences(preferences));
    return session.preferencesRead;
  }

  /** The same login again brings no other credentials: what was refused with them is not asked for again. */
  #adopt(session: KeptSession, identity: AwsIdentity): void {
    const isOther = session.identity.loginId !== identity.loginId;
    session.identity = identity;
    if (isOther) session.live.handleCredentialsRenewed();
  }

  #find(sessionId: string): KeptSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw new CatalogError("SESSION_NOT_FOUND");
    return session;
  }

  #reserve(ownerKey: string): void {
    if (this.#stopping) throw new CatalogError("SERVER_STOPPING");
    const open = this.#sessions.of(ownerKey).filter(({ live }) => live.end === undefined).length;
    if (!this.#slots.take(ownerKey, open, this.#deps.settings.sessionsPerPersonMax))
      throw new CatalogError("SESSION_LIMIT_REACHED");
  }

  #refused(identity: AwsIdentity, request: StartSessionRequest, origin: RequestOrigin, error: unknown): void {
    const code = error instanceof CatalogError ? error.code : "INTERNAL_ERROR";
    this.#metrics.startRefused(code);
    this.#audit.startRefused(identity, request, origin, code);
  }
}

async function isSignedOut(identity: AwsIdentity): Promise<boolean> {
  try {
    await identity.credentials();
    return false;
  } catch (error) {
    return error instanceof CatalogError && error.code === "SIGN_IN_REQUIRED";
  }
}
