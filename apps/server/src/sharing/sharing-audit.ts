/** What happens to shared terminals, as lines of the audit: who, what, which session, by which link. Never a secret, never keys. */
import type { AuditEntry, AuditEventName } from "../audit/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import type { RequestOrigin } from "../sessions/index.ts";
import type { ShareRecord } from "./share-record.ts";
import type { Actor, TerminalAct } from "./shared-terminal.ts";

export interface AuditSink {
  /** Never rejects. */
  write(entry: AuditEntry): Promise<void>;
}

/** Nobody: a link's time was over, a session ended. */
const NOBODY: Actor = { ownerKey: "", name: "", account: "", ip: "", requestId: "" };

const EVENT_OF: Readonly<Record<TerminalAct["act"], AuditEventName>> = {
  joined: "share.joined",
  left: "share.left",
  typed: "share.typed",
  asked: "keyboard.asked",
  allowed: "keyboard.allowed",
  refused: "keyboard.refused",
  "taken-back": "keyboard.taken_back",
  returned: "keyboard.returned",
};

export function actorOf({ ownerKey, name, account, role }: AwsIdentity, origin: RequestOrigin): Actor {
  return { ownerKey, name, account, role, ...origin };
}

export class SharingAudit {
  readonly #sink: AuditSink;

  constructor(sink: AuditSink) {
    this.#sink = sink;
  }

  share(event: AuditEventName, share: ShareRecord, by: Actor | undefined, more = ""): void {
    const { account, instanceId, instanceName, region, sessionId } = share;
    const detail = [`link ${share.id}`, more].filter(Boolean).join("; ");
    const who = by ?? { ...NOBODY, account };
    void this.#sink.write({ event, ...who, region, sessionId, instanceId, instanceName, detail });
  }

  act(act: TerminalAct, share: ShareRecord, by: Actor | undefined): void {
    const { name, account } = act.viewer.person;
    const bytes = act.act === "typed" ? [`${act.bytes} bytes`] : [];
    this.share(EVENT_OF[act.act], share, by, [`viewer ${name} of ${account}`, ...bytes].join("; "));
  }

  /** Which link was guessed is not written down: it may be one that there is. */
  joinRefused(by: Actor): void {
    void this.#sink.write({ event: "share.join_refused", ...by });
  }
}

/** What the owner chose, in words. */
export function choicesOf(share: ShareRecord): string {
  const ends = share.expiresAtMs === undefined ? "with the session" : new Date(share.expiresAtMs).toISOString();
  const people = share.people.map(({ account, name }) => `${account}/${name}`).join(" ");
  return [
    `mode ${share.mode}`,
    `for ${share.audience}${people && `: ${people}`}`,
    `ends ${ends}`,
    `earlier output ${share.earlierOutput ? "included" : "hidden"}`,
  ].join("; ");
}
