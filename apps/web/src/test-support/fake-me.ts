import type { IdentityView, Me } from "@causeway/wire-contract/identity";

const person = { account: "111122223333", userId: "AIDA", arn: "arn", name: "dana", role: "SRE", proven: true };
const regions = [
  { id: "eu-west-1", name: "Ireland" },
  { id: "us-east-1", name: "N. Virginia" },
];

export function fakeIdentity(fields: Partial<IdentityView> = {}): IdentityView {
  return { id: "identity-1", person, method: "access-keys", state: "usable", renews: false, regions, ...fields };
}

/** Somebody who is signed in as one identity; for tests. */
export function fakeMe(fields: Partial<Me> = {}): Me {
  return {
    login: { id: "login-1", device: "Firefox on Linux", ip: "127.0.0.1", createdAt: 0, lastSeenAt: 0, endsAt: 1 },
    identities: [fakeIdentity()],
    role: "user",
    sessionStart: { reason: "optional", documents: ["SSM-SessionManagerRunShell"], accountDocuments: true },
    signedInAt: 0,
    endsAt: 1,
    customEndpoint: false,
    ...fields,
  };
}
