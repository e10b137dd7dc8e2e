/** Ends shells in AWS, and writes down that a session has ended: row, metrics, audit. */
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../identity/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { SessionCalls } from "./calls/session-calls.ts";
import type { KeptSession, KeptSessions } from "./kept-sessions.ts";
import { NO_REQUEST, type SessionAudit } from "./session-audit.ts";
import { type EndRequest, endOnRequest } from "./session-end.ts";
import type { SessionMetrics } from "./session-metrics.ts";
import type { SessionStore } from "./session-store.ts";

/** After TerminateSession the last output and `channel_closed` may still come, in milliseconds. */
export const END_GRACE_MS = 1_000;

export interface SessionEnderDeps {
  calls: Pick<SessionCalls, "terminate">;
  store: Pick<SessionStore, "recordEnd">;
  sessions: KeptSessions;
  metrics: SessionMetrics;
  audit: SessionAudit;
  clock: Clock;
  log: Log;
}

export class SessionEnder {
  readonly #deps: SessionEnderDeps;

  constructor(deps: SessionEnderDeps) {
    this.#deps = deps;
  }

  /**
   * Ends the shell in AWS, then closes the session in any case.
   * @returns false: AWS did not end it; it will at its idle limit, and the end says so
   */
  async terminate(session: KeptSession, identity: AwsIdentity, request: EndRequest): Promise<boolean> {
    const { clock } = this.#deps;
    session.live.expectEnd(request);
    const ended = await this.terminateQuietly(session, identity);
    if (!ended) {
      const text = "AWS could not be asked to end the shell; it ends it at the account's idle limit.";
      session.live.finish(endOnRequest(request, clock.nowMs(), text));
      return false;
    }
    await session.live.whenEnded(END_GRACE_MS);
    session.live.finish(endOnRequest(request, clock.nowMs()));
    return true;
  }

  /** Only AWS is asked. @returns false: it did not end the shell */
  async terminateQuietly({ facts }: KeptSession, identity: AwsIdentity): Promise<boolean> {
    try {
      await this.#deps.calls.terminate(identity, { region: facts.region, awsSessionId: facts.awsSessionId });
      return true;
    } catch (error) {
      this.#deps.log.warn({ err: error, sessionId: facts.id }, "session not ended in AWS");
      return false;
    }
  }

  /** A session that is kept has ended. @param wantsTerminate AWS may not know it */
  handleEnded(session: KeptSession, end: SessionEnd, wantsTerminate: boolean): void {
    const { audit, log, metrics, sessions, store } = this.#deps;
    sessions.handleEnded(session);
    metrics.ended(end.by);
    if (wantsTerminate) void this.terminateQuietly(session, session.identity);
    const limit = end.limit && `${end.limit.kind} limit`;
    const detail = [`by ${end.by}`, limit, end.code, session.typing.describe()].filter(Boolean).join("; ");
    audit.write("session.ended", session.facts, session.identity, NO_REQUEST, detail);
    store.recordEnd(session.facts.id, end).catch((error: unknown) => {
      log.error({ err: error, sessionId: session.facts.id }, "the end of a session could not be stored");
    });
  }
}
