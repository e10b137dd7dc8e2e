/** What sessions need from AWS, in our words. Implemented in ./aws-session-calls.ts. */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { AwsIdentity } from "../../identity/index.ts";

export interface StartTarget {
  region: string;
  instanceId: string;
  /** undefined: AWS takes the account's own shell document, or its default. */
  documentName: string | undefined;
  /** Shown by AWS with the session, and in its history; undefined: none was given. */
  reason?: string | undefined;
}

/** `streamUrl` and `token` open a shell: they are used at once and appear nowhere else. */
export interface StartedSession {
  awsSessionId: string;
  streamUrl: string;
  token: string;
}

export type ResumeAnswer =
  | { kind: "token"; token: string; streamUrl: string | undefined }
  /** AWS no longer has the session (data-channel.md §2.4: no token, or DoesNotExistException). */
  | { kind: "gone" };

/** How long an answer is wanted. */
export interface Patience {
  /** Aborted when nobody wants it any more. */
  signal?: AbortSignal;
  /** Milliseconds from when the call leaves; then AWS_UNREACHABLE, and the next call is made on a new connection. */
  withinMs?: number;
}

export interface SessionAddress {
  region: string;
  awsSessionId: string;
}

export interface DataKey {
  plaintext: Uint8Array;
  ciphertextBlob: Uint8Array;
}

/** Every call is made with the credentials of the person given; each throws CatalogError. */
export interface SessionCalls {
  start(identity: AwsIdentity, target: StartTarget): Promise<StartedSession>;
  /** Tried once: how often is the keeper's to decide. */
  resume(identity: AwsIdentity, address: SessionAddress, patience?: Patience): Promise<ResumeAnswer>;
  /** Ending what has ended is not an error. */
  terminate(identity: AwsIdentity, address: SessionAddress): Promise<void>;
  generateDataKey(
    identity: AwsIdentity,
    region: string,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): Promise<DataKey>;
  /**
   * The sessions of this identity that AWS has, newest first.
   * @param awsSessionId only this one, if it is among them
   */
  listActive(identity: AwsIdentity, region: string, awsSessionId?: string): Promise<ActiveSessions>;
  /**
   * What AWS says is wrong with an instance: INSTANCE_STOPPED, INSTANCE_NOT_CONNECTED; undefined: nothing, or it may not
   * be asked. Never rejects.
   */
  instanceProblem(identity: AwsIdentity, region: string, instanceId: string): Promise<ErrorCode | undefined>;
  /** What Systems Manager says of a machine's agent. Never rejects. */
  registration(identity: AwsIdentity, region: string, instanceId: string): Promise<Registration>;
  /** What is known of a machine; empty when it may not be read. Never throws. */
  describeInstance(identity: AwsIdentity, region: string, instanceId: string): Promise<InstanceFacts>;
}

export interface ActiveSession {
  awsSessionId: string;
  instanceId: string;
  documentName: string | undefined;
  /** AWS's word: Connected, Disconnected, … */
  status: string;
  startedAtMs: number | undefined;
}

export interface ActiveSessions {
  sessions: ActiveSession[];
  /** There are more than were read. */
  truncated: boolean;
}

/** `never`: Systems Manager does not list it. `lost`: it does, and heard it too long ago. `unknown`: it may not be asked. */
export type Registration =
  | { kind: "online" | "never" | "unknown" }
  | { kind: "lost"; lastPingAtMs: number | undefined };

export interface InstanceFacts {
  name?: string;
  /** EC2's word: running, stopped, … */
  ec2State?: string;
}
