/**
 * Sessions in AWS of a signed-in person that no keeper of this server holds: of an earlier server, of another tool, of
 * another machine. They are listed; only the person's own word ends one.
 */
import type { UnheldSession, UnheldSessions as UnheldSessionsAnswer } from "@causeway/wire-contract/unheld-sessions";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { ActiveSession, SessionCalls } from "../calls/session-calls.ts";
import { type AuditSink, type RequestOrigin, whoAndWhere } from "../session-audit.ts";
import type { SessionStore } from "../session-store.ts";

export interface UnheldSessionsDeps {
  calls: SessionCalls;
  store: Pick<SessionStore, "startedHere">;
  audit: AuditSink;
  /** A keeper of this process has it, whoever's it is. */
  isHeld(awsSessionId: string): boolean;
}

export class UnheldSessions {
  readonly #deps: UnheldSessionsDeps;

  constructor(deps: UnheldSessionsDeps) {
    this.#deps = deps;
  }

  /** Newest first. @throws CatalogError: whatever AWS says */
  async list(identity: AwsIdentity, region: string): Promise<UnheldSessionsAnswer> {
    const active = await this.#deps.calls.listActive(identity, region);
    const { started, shown } = await this.#shownTo(identity, region, active.sessions);
    const isOurs = ({ awsSessionId }: ActiveSession) => started.has(awsSessionId);
    return {
      region,
      startedHere: shown.filter(isOurs).map(inWords),
      others: shown.filter((session) => !isOurs(session)).map(inWords),
      truncated: active.truncated,
    };
  }

  /**
   * AWS lists by the caller's name. Of an unproven person the caller may have chosen it, so she is shown what Causeway
   * knows as her own login's, and nothing else (architecture §2).
   */
  async #shownTo(identity: AwsIdentity, region: string, active: readonly ActiveSession[]) {
    const { isHeld, store } = this.#deps;
    const unheld = active.filter(({ awsSessionId }) => !isHeld(awsSessionId));
    const ids = unheld.map(({ awsSessionId }) => awsSessionId);
    const started = await store.startedHere(identity.account, region, ids);
    const isHers = ({ awsSessionId }: ActiveSession) =>
      identity.proven || started.get(awsSessionId) === identity.ownerKey;
    return { started, shown: unheld.filter(isHers) };
  }

  /**
   * Ends one. What she would not be shown is not found, also where a policy would allow her to end it.
   * @throws CatalogError SESSION_NOT_FOUND; whatever AWS says
   */
  async end(identity: AwsIdentity, region: string, awsSessionId: string, origin: RequestOrigin): Promise<void> {
    const { audit, calls, isHeld } = this.#deps;
    if (isHeld(awsSessionId)) throw new CatalogError("SESSION_NOT_FOUND");
    const { sessions } = await calls.listActive(identity, region, awsSessionId);
    const { shown } = await this.#shownTo(identity, region, sessions);
    const found = shown.find((session) => session.awsSessionId === awsSessionId);
    if (found === undefined || isHeld(awsSessionId)) throw new CatalogError("SESSION_NOT_FOUND");
    await calls.terminate(identity, { region, awsSessionId });
    void audit.write({
      event: "session.unheld_ended",
      ...whoAndWhere(identity, origin),
      region,
      instanceId: found.instanceId,
      detail: awsSessionId,
    });
  }
}

function inWords({ awsSessionId, instanceId, documentName, status, startedAtMs }: ActiveSession): UnheldSession {
  return {
    awsSessionId,
    instanceId,
    status,
    ...(documentName === undefined ? {} : { documentName }),
    ...(startedAtMs === undefined ? {} : { startedAt: startedAtMs }),
  };
}
