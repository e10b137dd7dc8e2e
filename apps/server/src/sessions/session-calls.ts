/** What sessions need from AWS, in our words. Implemented in ./aws-session-calls.ts. */
import type { AwsIdentity } from "../identity/index.ts";

export interface StartTarget {
  region: string;
  instanceId: string;
  /** undefined: AWS takes the account's own shell document, or its default. */
  documentName: string | undefined;
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
  resume(identity: AwsIdentity, address: SessionAddress): Promise<ResumeAnswer>;
  /** Ending what has ended is not an error. */
  terminate(identity: AwsIdentity, address: SessionAddress): Promise<void>;
  generateDataKey(
    identity: AwsIdentity,
    region: string,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): Promise<DataKey>;
  /** What is known of a machine; empty when it may not be read. Never throws. */
  describeInstance(identity: AwsIdentity, region: string, instanceId: string): Promise<InstanceFacts>;
}

export interface InstanceFacts {
  name?: string;
  /** EC2's word: running, stopped, … */
  ec2State?: string;
}
