/** What of sharing the operator allows, and where. */

/** `on`; `view-only`: nobody but the owner types; `off`. */
const SHARING_LEVELS = ["on", "view-only", "off"] as const;
export type SharingLevel = (typeof SHARING_LEVELS)[number];

export interface SharingRules {
  /** Where no rule says otherwise. */
  otherwise: SharingLevel;
  /** By account id, or by environment (`prod`, `staging`, `dev`). */
  rules: ReadonlyMap<string, SharingLevel>;
}

export interface SharingConfig extends SharingRules {
  /** Links may be for anyone who can sign in. */
  anyone: boolean;
  /** A viewer must hold `ssm:StartSession` on the instance herself. */
  needsStartSession: boolean;
  /** People who watch one session at a time. */
  viewersMax: number;
}

/** `view-only`, or `on,prod=view-only,111122223333=off`. @returns undefined: it is not of this form */
export function parseSharingRules(text: string): SharingRules | undefined {
  let otherwise: SharingLevel | undefined;
  const rules = new Map<string, SharingLevel>();
  for (const item of text.split(",").map((part) => part.trim())) {
    const found = /^(?:([0-9]{12}|prod|staging|dev)=)?(on|view-only|off)$/.exec(item);
    if (found === null) return undefined;
    const [, where, level] = found as unknown as [string, string | undefined, SharingLevel];
    if (where === undefined && otherwise !== undefined) return undefined;
    if (where === undefined) otherwise = level;
    else if (rules.has(where)) return undefined;
    else rules.set(where, level);
  }
  return { otherwise: otherwise ?? "on", rules };
}
