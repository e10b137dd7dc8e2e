/** A link and who came by it, as the server knows them, and what of that their owner and viewers are shown. Pure. */
import type {
  NamedPerson,
  Share,
  ShareAudience,
  SharedSession,
  ShareEndReason,
  ShareMode,
  SharePerson,
} from "@causeway/wire-contract/sharing";
import type { AwsIdentity } from "../identity/index.ts";
import type { ShareClass } from "./share-secret.ts";

export interface ShareRecord {
  readonly id: string;
  readonly sessionId: string;
  /** Owner of the session. */
  readonly ownerKey: string;
  readonly owner: SharePerson;
  readonly account: string;
  readonly region: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly sessionStartedAtMs: number;
  readonly shareClass: ShareClass;
  readonly secretHash: string;
  mode: ShareMode;
  audience: ShareAudience;
  people: NamedPerson[];
  readonly createdAtMs: number;
  /** undefined: with the session. */
  expiresAtMs: number | undefined;
  earlierOutput: boolean;
  fitSmallest: boolean;
  viewersMax: number;
  ended: { atMs: number; why: ShareEndReason } | undefined;
  /** By viewer id. */
  readonly viewers: Map<string, ViewerRecord>;
}

/** Somebody who came by a link with its secret, and may come back without. */
export interface ViewerRecord {
  /** Names her among those of the session; random, and grants nothing. */
  readonly id: string;
  readonly shareId: string;
  /** As of an identity: her in any login when proven, else in this one. */
  readonly ownerKey: string;
  readonly person: SharePerson;
  readonly joinedAtMs: number;
  /** No byte of the session's output before it is hers, unless the link includes earlier output. undefined: she never attached. */
  joinOffset: number | undefined;
  /** Presence colour; the same for a person over all links of a session. */
  readonly colour: number;
}

/** It lets nobody in any more, whether or not that was noticed yet. */
export function isOver(share: ShareRecord, nowMs: number): boolean {
  return share.ended !== undefined || (share.expiresAtMs !== undefined && share.expiresAtMs <= nowMs);
}

export function personView({ name, account, role, proven }: AwsIdentity): SharePerson {
  return { name, account, role, proven };
}

/** @param watching people who watch by it now */
export function shareView(share: ShareRecord, watching: number): Share {
  return {
    id: share.id,
    sessionId: share.sessionId,
    mode: share.mode,
    audience: share.audience,
    people: share.people,
    createdAt: share.createdAtMs,
    ...(share.expiresAtMs === undefined ? {} : { expiresAt: share.expiresAtMs }),
    earlierOutput: share.earlierOutput,
    fitSmallest: share.fitSmallest,
    viewersMax: share.viewersMax,
    watching,
    joined: share.viewers.size,
  };
}

/** @param joinedAt of whoever asks, in milliseconds since the epoch */
export function sharedSessionView(share: ShareRecord, joinedAt: number): SharedSession {
  return {
    shareId: share.id,
    mode: share.mode,
    owner: share.owner,
    account: share.account,
    region: share.region,
    instanceId: share.instanceId,
    instanceName: share.instanceName,
    earlierOutput: share.earlierOutput,
    startedAt: share.sessionStartedAtMs,
    joinedAt,
    ...(share.expiresAtMs === undefined ? {} : { expiresAt: share.expiresAtMs }),
  };
}
