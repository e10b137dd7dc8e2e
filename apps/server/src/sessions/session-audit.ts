import type { StartSessionRequest } from "@causeway/wire-contract/sessions";
import type { AuditEntry, AuditEventName } from "../audit/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import type { SessionFacts } from "./session-store.ts";

/** Where a request came from. */
export interface RequestOrigin {
  ip: string;
  requestId: string;
  /** What the browser called itself, in our words. */
  device?: string;
}

/** What happened without a request of somebody: AWS closed the channel, the server stopped. */
export const NO_REQUEST: RequestOrigin = { ip: "", requestId: "" };

export interface AuditSink {
  /** Never rejects. */
  write(entry: AuditEntry): Promise<void>;
}

/** Puts what happens to sessions into audit entries: who, what, which session, from where. */
export class SessionAudit {
  readonly #sink: AuditSink;

  constructor(sink: AuditSink) {
    this.#sink = sink;
  }

  write(
    event: AuditEventName,
    session: SessionFacts,
    identity: AwsIdentity,
    origin: RequestOrigin,
    detail?: string,
  ): void {
    void this.#sink.write({
      ...whoAndWhere(identity, origin),
      event,
      region: session.region,
      sessionId: session.id,
      instanceId: session.instanceId,
      instanceName: session.instanceName,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  startRefused(identity: AwsIdentity, request: StartSessionRequest, origin: RequestOrigin, code: string): void {
    void this.#sink.write({
      ...whoAndWhere(identity, origin),
      event: "session.start_refused",
      region: request.region,
      instanceId: request.target,
      detail: [code, startDetail(request)].filter(Boolean).join("; "),
    });
  }
}

/** What a person said when she opened a shell; undefined: nothing. The reason stands last: it may hold any character. */
export function startDetail({ documentName, reason }: StartSessionRequest): string | undefined {
  const said = [
    ...(documentName === undefined ? [] : [`document: ${documentName}`]),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
  ];
  return said.length === 0 ? undefined : said.join("; ");
}

export function whoAndWhere(identity: AwsIdentity, origin: RequestOrigin) {
  const { ownerKey, name, account, role } = identity;
  return { ownerKey, name, account, role, ...origin };
}
