// The keys of each account and region: one that sessions can be encrypted with, and two that cannot be used any more, because
// preferences that name such a key are how encryption usually breaks. Key policies are AWS's default: the account's own IAM
// policies decide.
import { createHash } from "node:crypto";
import { AwsError } from "../http/aws-error.ts";

/** Source: KMS API Reference, KeyMetadata. */
export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

export interface KmsKey {
  id: string;
  arn: string;
  account: string;
  region: string;
  /** With `alias/`. */
  alias: string;
  state: KeyState;
  description: string;
}

const KEYS: readonly Pick<KmsKey, "alias" | "state" | "description">[] = [
  { alias: "alias/session-manager", state: "Enabled", description: "Encrypts sessions" },
  { alias: "alias/session-manager-2023", state: "PendingDeletion", description: "Encrypted sessions until 2024" },
  { alias: "alias/session-manager-paused", state: "Disabled", description: "Switched off by somebody" },
];

/** The same id at every start, so that a document can name it. */
function keyId(account: string, region: string, alias: string): string {
  const hex = createHash("sha256").update(`${account}/${region}/${alias}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** Ascending by alias. */
export function keysOf(account: string, region: string): readonly KmsKey[] {
  return KEYS.map((key) => {
    const id = keyId(account, region, key.alias);
    return { ...key, id, account, region, arn: `arn:aws:kms:${region}:${account}:key/${id}` };
  });
}

/**
 * A key by id, ARN, alias or alias ARN, as every KMS call takes it.
 * @throws AwsError NotFoundException, also for what is another region's or account's
 */
export function findKey(account: string, region: string, name: string): KmsKey {
  const arn = /^arn:aws:kms:([^:]*):([^:]*):(.+)$/.exec(name);
  if (arn !== null && arn[1] !== region) throw new AwsError("NotFoundException", `Invalid arn ${arn[1]}`);
  const owner = arn?.[2] ?? account;
  const last = arn?.[3] ?? name;
  const found = keysOf(owner, region).find(({ id, alias }) => last === alias || last === id || last === `key/${id}`);
  // A key of another account is not told from one that does not exist: no key policy here lets strangers in.
  if (found !== undefined && owner === account) return found;
  throw last.startsWith("alias/")
    ? new AwsError("NotFoundException", `Alias arn:aws:kms:${region}:${owner}:${last} is not found.`)
    : new AwsError(
        "NotFoundException",
        `Key 'arn:aws:kms:${region}:${owner}:key/${last.replace(/^key\//, "")}' does not exist`,
      );
}

/** @throws AwsError DisabledException, KMSInvalidStateException */
export function checkUsable({ arn, state }: KmsKey): void {
  if (state === "Disabled") throw new AwsError("DisabledException", `${arn} is disabled.`);
  if (state === "PendingDeletion") throw new AwsError("KMSInvalidStateException", `${arn} is pending deletion.`);
}
