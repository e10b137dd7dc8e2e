/** All sessions this process knows, by id and by owner, and how long ended ones stay readable. */
import type { Session } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../identity/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { TypingTally } from "./input/typing-tally.ts";
import type { LiveSession } from "./live-session.ts";
import type { SessionFacts } from "./session-store.ts";

/** An ended session can be read for so long, so that a reload shows why it ended, in milliseconds. */
export const ENDED_KEPT_MS = 10 * 60_000;
/** Ended sessions kept per person; at the bound the one that ended first goes. */
export const ENDED_PER_PERSON_MAX = 10;
/** Ended sessions kept in all: each may hold 8 MiB. */
export const ENDED_MAX = 100;

export interface KeptSession {
  facts: SessionFacts;
  live: LiveSession;
  /** The login whose credentials act for this session: the newest of its owner's that used it. */
  identity: AwsIdentity;
  typing: TypingTally;
  /** Set while the session is being ended by a call of ours. */
  ending: Promise<void> | undefined;
  /** Set once the account's session document is being read, or was. */
  preferencesRead: Promise<void> | undefined;
}

export class KeptSessions {
  #byId = new Map<string, KeptSession>();
  /** In order of ending. */
  #ended = new Map<string, () => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(session: KeptSession): void {
    this.#byId.set(session.facts.id, session);
  }

  get(id: string): KeptSession | undefined {
    return this.#byId.get(id);
  }

  /** Oldest first. */
  of(ownerKey: string): KeptSession[] {
    return [...this.#byId.values()].filter((session) => session.facts.ownerKey === ownerKey);
  }

  /** Open sessions of a person (`<account>/<UserId>`), of whichever login. */
  openOf(personKey: string): KeptSession[] {
    const isHers = ({ ownerKey }: SessionFacts): boolean =>
      ownerKey === personKey || ownerKey.startsWith(`${personKey}/login/`);
    return this.open().filter(({ facts }) => isHers(facts));
  }

  open(): KeptSession[] {
    return [...this.#byId.values()].filter((session) => session.live.end === undefined);
  }

  counts(): { open: number; readers: number } {
    let readers = 0;
    for (const session of this.#byId.values()) readers += session.live.readerCount;
    return { open: this.open().length, readers };
  }

  /** From now on the session is only kept to be read. */
  handleEnded(session: KeptSession): void {
    const { id, ownerKey } = session.facts;
    if (this.#ended.has(id)) return;
    this.#ended.set(
      id,
      // As long as its log is kept, which a restart does not begin anew.
      this.#clock.setTimer((session.live.end?.at ?? this.#clock.nowMs()) + ENDED_KEPT_MS, () => this.#forget(id)),
    );
    const ofOwner = this.of(ownerKey).filter((each) => this.#ended.has(each.facts.id));
    const oldest = [...this.#ended.keys()].find((each) => this.#byId.get(each)?.facts.ownerKey === ownerKey);
    if (ofOwner.length > ENDED_PER_PERSON_MAX && oldest !== undefined) this.#forget(oldest);
    const first = this.#ended.keys().next().value;
    if (this.#ended.size > ENDED_MAX && first !== undefined) this.#forget(first);
  }

  #forget(id: string): void {
    this.#ended.get(id)?.();
    this.#ended.delete(id);
    this.#byId.delete(id);
  }
}

/** The session as the page sees it. @param identity of the login that asks, which owns it */
export function describeSession({ facts, live }: KeptSession, { identityId }: AwsIdentity): Session {
  return {
    id: facts.id,
    identityId,
    awsSessionId: facts.awsSessionId,
    account: facts.account,
    region: facts.region,
    instanceId: facts.instanceId,
    instanceName: facts.instanceName,
    ...(facts.documentName === undefined ? {} : { documentName: facts.documentName }),
    channel: live.channel,
    ...(live.channelReason === undefined ? {} : { channelReason: live.channelReason }),
    ...live.size,
    startedAt: facts.startedAtMs,
    ...(live.preferences === undefined ? {} : { preferences: live.preferences }),
    ...(live.end === undefined ? {} : { ended: live.end }),
  };
}
