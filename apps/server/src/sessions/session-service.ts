/**
 * Starts, finds and ends sessions, and answers who owns one. Every shell is opened and ended with the credentials of the
 * person it belongs to; the service has none of its own. Above 300 lines because start, attach and end of one registry
 * belong together; what each step does stands in the files it imports.
 */
import type { Session, StartSessionRequest } from "@causeway/wire-contract/sessions";
import type { SessionAccess } from "../access/index.ts";
import { type AwsIdentity, holdCredentials } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { PacedSessionCalls } from "./calls/paced-session-calls.ts";
import type { SessionCalls } from "./calls/session-calls.ts";
import type { PreferencesReader } from "./calls/session-preferences.ts";
import { startInAws } from "./calls/start-in-aws.ts";
import { StartSlots } from "./calls/start-slots.ts";
import type { DataChannelDialer } from "./channel/data-channel-dialer.ts";
import { KeptSessionMaker } from "./kept-session-maker.ts";
import { describeSession, ENDED_KEPT_MS, type KeptSession, KeptSessions } from "./kept-sessions.ts";
import { sortLeftSessions } from "./left-sessions.ts";
import type { CheckpointMaker } from "./log/checkpoint-store.ts";
import type { RecoveredSession } from "./log/file-session-logs.ts";
import { decodeMemo } from "./log/keeper-memo.ts";
import type { DurableLog, SessionLogs } from "./log/session-logs.ts";
import type { Attachment, AttachRequest } from "./readers/attachment.ts";
import { OutputTick } from "./readers/output-tick.ts";
import type { GuestReader } from "./readers/session-reader.ts";
import type { SharedTerminals } from "./seat.ts";
import { type AuditSink, type RequestOrigin, SessionAudit, startDetail } from "./session-audit.ts";
import { SessionEnder } from "./session-ender.ts";
import { type SessionMetrics, sessionMetrics } from "./session-metrics.ts";
import type { SessionFacts, SessionStore } from "./session-store.ts";
import { UnheldSessions } from "./unheld/unheld-sessions.ts";
import { WaitingSessions } from "./waiting-sessions.ts";
import { within } from "./within.ts";

/** A name is nice to have: a start does not wait longer for it, in milliseconds. */
export const INSTANCE_NAME_WAIT_MAX_MS = 2_000;
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
  /** Who shares terminals; absent: nobody does. */
  shared?: SharedTerminals;
  random: () => number;
  randomId: () => string;
  randomUuid: () => string;
  settings: { sessionDocument: string; sessionsPerPersonMax: number };
}

/** What sharing/ needs to know of a session. */
export interface ShareableSession {
  facts: Readonly<SessionFacts>;
  headOffset: number;
}

export class SessionService implements SessionAccess {
  readonly #deps: SessionServiceDeps;
  readonly #sessions: KeptSessions;
  readonly #maker: KeptSessionMaker;
  readonly #ender: SessionEnder;
  readonly #metrics: SessionMetrics;
  readonly #audit: SessionAudit;
  readonly #slots = new StartSlots();
  readonly #calls: PacedSessionCalls;
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
    this.#audit = new SessionAudit(deps.audit);
    this.#unheld = new UnheldSessions({
      calls: this.#calls,
      store: deps.store,
      audit: deps.audit,
      isHeld: (awsSessionId) => this.isHeld(awsSessionId),
    });
    this.#waiting = new WaitingSessions(deps.clock, () => this.#sessions.open().map(({ live }) => live));
    this.#metrics = sessionMetrics(deps.metrics, () => this.#sessions.counts());
    const shared = {
      ...deps,
      calls: this.#calls,
      sessions: this.#sessions,
      audit: this.#audit,
      metrics: this.#metrics,
    };
    this.#ender = new SessionEnder(shared);
    this.#maker = new KeptSessionMaker({
      ...deps,
      calls: this.#calls,
      tick: new OutputTick(deps.clock),
      onEnded: (session, end, wantsTerminate) => {
        const isKept = this.#sessions.get(session.facts.id) !== undefined;
        if (isKept) this.#ender.handleEnded(session, end, wantsTerminate);
        if (isKept) deps.shared?.handleSessionEnded(session.facts.id);
      },
      onIdleLimit: (session, limit) => {
        void this.#ender.terminate(session, session.identity, { by: "server", limit });
      },
    });
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
      const session = this.#maker.make(facts, await identityOf(facts), found.log, { keeper: found.keeper });
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
      const session = this.#maker.make(facts, await identityOf(facts), found.log, { end });
      this.#sessions.add(session);
      if (isRecorded) this.#sessions.handleEnded(session);
      else this.#ender.handleEnded(session, end, false);
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

  /** As PacedSessionCalls: what belongs to a start waits with the starts. */
  takeTurn(account: string, region: string): Promise<void> {
    return this.#calls.takeTurn(account, region);
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
    const seat = this.#deps.shared?.ownerSeat(sessionId, identity, origin, (message) =>
      request.sink.sendMessage(message),
    );
    let attachment: Attachment;
    try {
      attachment = session.live.attach({ ...request, person, ...(seat && { typing: seat.typing }) });
    } catch (error) {
      seat?.close();
      throw error;
    }
    seat?.open();
    this.#adopt(session, identity);
    this.#audit.write("session.attached", session.facts, identity, origin);
    let attached = true;
    return {
      ...attachment,
      ...(seat && { share: (message) => seat.handle(message) }),
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
        seat?.close();
        this.#audit.write("session.detached", session.facts, identity, origin);
      },
    };
  }

  /** Attaches a viewer's page. That she may be let in is the caller's to know. @throws CatalogError SESSION_NOT_FOUND, READERS_LIMIT_REACHED */
  attachGuest(sessionId: string, request: AttachRequest & { guest: GuestReader }): Attachment {
    return this.#find(sessionId).live.attach(request);
  }

  /** What a viewer's terminal is, and how far its log goes; undefined: there is no such session, or it has ended. */
  shareable(sessionId: string): ShareableSession | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.live.end !== undefined) return undefined;
    const { log } = session.live;
    return { facts: session.facts, headOffset: log.headOffset };
  }

  /**
   * Ends the shell in AWS with the caller's credentials, then closes. Idempotent. Without usable credentials the channel
   * is closed all the same: AWS then ends the shell at its idle limit, and the end says so.
   */
  async end(sessionId: string, by: AwsIdentity, origin: RequestOrigin): Promise<void> {
    const session = this.#find(sessionId);
    if (session.live.end !== undefined) return;
    session.ending ??= this.#ender
      .terminate(session, by, { by: "you" })
      .then(() => this.#audit.write("session.terminated", session.facts, by, origin));
    await session.ending;
  }

  /**
   * The owner signed out: her shells end with the credentials she had. Those that are about to start end themselves.
   * @returns how many AWS ended
   */
  async endAllOf(identity: AwsIdentity): Promise<number> {
    const open = this.#sessions.of(identity.ownerKey).filter(({ live }) => live.end === undefined);
    const ended = await Promise.all(open.map((session) => this.#ender.terminate(session, identity, { by: "you" })));
    return ended.filter(Boolean).length;
  }

  /**
   * An admin put the person out. Where neither she nor the session has usable credentials AWS is not told: the channel and
   * all browsers are closed all the same, nothing resumes it, and its end says that AWS ends the shell at its idle limit.
   * @param leaving who she was, with the credentials of before her logins were forgotten
   * @returns how many shells were closed, whether or not AWS could be asked to end them
   */
  async closeAllOf(personKey: string, leaving: readonly AwsIdentity[]): Promise<number> {
    const open = this.#sessions.openOf(personKey);
    const request = { by: "server", code: "ENDED_BY_ADMIN" } as const;
    const ends = open.map((session) => {
      const held = leaving.find(({ ownerKey }) => ownerKey === session.facts.ownerKey);
      return this.#ender.terminate(session, held ?? session.identity, request);
    });
    await Promise.all(ends);
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
    const { documentName: chosen = settings.sessionDocument, reason } = request;
    const target = { region, instanceId, documentName: chosen, reason };
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
    const session = this.#maker.make(facts, identity, sessionLog);
    try {
      // The token is valid only briefly: the channel is opened before anything else is waited for.
      await session.live.open(started.streamUrl, started.token);
      facts.instanceName = (await within(clock, instance, INSTANCE_NAME_WAIT_MAX_MS))?.name ?? instanceId;
      await store.recordStart(facts);
    } catch (error) {
      await this.#ender.terminateQuietly(session, held);
      session.live.finish({ by: "server", at: clock.nowMs() });
      this.#deleteLog(id);
      this.#starting.delete(started.awsSessionId);
      throw error;
    }
    this.#sessions.add(session);
    session.live.handleDurable(sessionLog.isDurable); // what its log said before the session was known reached nobody
    this.#starting.delete(started.awsSessionId);
    void this.#maker.readPreferences(session);
    this.#metrics.started();
    this.#audit.write("session.started", session.facts, identity, origin, startDetail(request));
    // It ended while it was being recorded; a failure (it has a code) still leaves a shell in AWS.
    const { end } = session.live;
    if (end !== undefined) this.#ender.handleEnded(session, end, end.code !== undefined);
    const signedOut = await isSignedOut(identity);
    if (!signedOut && !this.#stopping) return session;
    // Whoever signed out, or stops the server, ended the sessions that were kept by then; this one came too late.
    await this.#ender.terminate(session, held, { by: signedOut ? "you" : "server" });
    throw new CatalogError(signedOut ? "SIGN_IN_REQUIRED" : "SERVER_STOPPING");
  }

  #deleteLog(id: string): void {
    this.#deps.logs.delete(id).catch((error: unknown) => {
      this.#deps.log.error({ err: error, sessionId: id }, "the log of a session that did not start was not deleted");
    });
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
