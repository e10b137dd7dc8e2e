/** Which identities the person has to sign in for again, as far as server and lists say. Pure. */
import type { IdentityView } from "@causeway/wire-contract/identity";
import type { SourceView } from "../features/instances/inventory-store.ts";

export interface IdentityTrouble {
  identity: IdentityView;
  /** `expiring`: they end at `atMs`, by the server's clock, and nothing renews them. */
  kind: "expiring" | "expired";
  atMs: number | undefined;
}

/** Who signed in is asked again so often at least, and not more often, in milliseconds. */
export const LOOK_EVERY_MS = { least: 5_000, most: 5 * 60_000 } as const;

/** @param sources lists as the server told them: AWS may refuse credentials whose end nobody knew */
export function identityTroubles(
  identities: readonly IdentityView[],
  sources: readonly Pick<SourceView, "identityId" | "status">[],
): IdentityTrouble[] {
  const refused = new Set(
    sources
      .filter(({ status }) =>
        [status?.ec2.problem, status?.ssm.problem].some((one) => one?.code === "CREDENTIALS_EXPIRED"),
      )
      .map(({ identityId }) => identityId),
  );
  return identities.flatMap((identity) => {
    const kind = refused.has(identity.id) ? "expired" : identity.state;
    return kind === "usable" ? [] : [{ identity, kind, atMs: identity.credentialsExpireAt }];
  });
}

/** One of them has later credentials than the server said before. */
export function isAnyRenewed(before: readonly IdentityView[], after: readonly IdentityView[]): boolean {
  return after.some(({ id, credentialsExpireAt: end }) =>
    before.some((one) => one.id === id && (end ?? 0) > (one.credentialsExpireAt ?? 0)),
  );
}

/** When to ask the server again who is signed in: soon after the next credentials end, or are renewed. */
export function nextLookMs(identities: readonly IdentityView[], nowMs: number): number {
  const ends = identities.flatMap(({ credentialsExpireAt: end, state, renews }) => {
    if (state === "expired") return renews ? [nowMs] : []; // tried again and again until it is renewed, or given up
    if (end === undefined) return [];
    // credentials of an hour are renewed at 80 %, and announced to end 10 min before
    return [renews || state === "expiring" ? end : Math.max(end - EXPIRING_MS, nowMs), end];
  });
  const next = Math.min(...ends, nowMs + LOOK_EVERY_MS.most) - nowMs;
  return Math.min(LOOK_EVERY_MS.most, Math.max(LOOK_EVERY_MS.least, next + 1_000));
}

/** As the server has it: credentials that nothing renews are announced to end so long before. */
const EXPIRING_MS = 10 * 60_000;
