// AWS Key Management Service, as far as sessions need it. Target prefix: TrentService. Source: KMS API Reference.
import { AwsError } from "../http/aws-error.ts";
import type { JsonInput } from "../http/json-input.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import type { ContextEntries } from "../iam/policy.ts";
import { authorize } from "../iam/principal.ts";
import { CiphertextBlobs, type EncryptionContext } from "./ciphertext-blob.ts";
import { checkUsable, findKey, type KmsKey, keysOf } from "./keys.ts";

export interface KmsDeps {
  pager: Pager;
  randomBytes(length: number): Uint8Array;
}

const KEY_ID = { charsMin: 1, charsMax: 2_048 };
const DATA_KEY_BYTES_MAX = 1_024;
const BLOB_BYTES_MAX = 6_144;
const ALIASES_PER_PAGE_MAX = 100;
const ALIASES_PER_PAGE_DEFAULT = 50;
const KEY_SPECS: Readonly<Record<string, number>> = { AES_256: 32, AES_128: 16 };
/** All keys are symmetric: there is no other. */
const ALGORITHM = "SYMMETRIC_DEFAULT";

export function kmsOperations(deps: KmsDeps): JsonOperations {
  const blobs = new CiphertextBlobs(deps.randomBytes);
  return {
    GenerateDataKey(input, call) {
      const name = input.requiredText("KeyId", KEY_ID);
      const bytes = input.integer("NumberOfBytes", { min: 1, max: DATA_KEY_BYTES_MAX });
      const spec = input.text("KeySpec", { oneOf: Object.keys(KEY_SPECS) });
      const context = input.textMap("EncryptionContext");
      const isDry = input.flag("DryRun");
      input.check();
      if ((bytes === undefined) === (spec === undefined))
        throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
      const key = authorizedKey(call, "kms:GenerateDataKey", name, context);
      checkUsable(key);
      refuseDryRun(isDry);
      const plaintext = deps.randomBytes(bytes ?? KEY_SPECS[spec ?? ""] ?? 0);
      return {
        CiphertextBlob: base64(blobs.seal(key, plaintext, context)),
        Plaintext: base64(plaintext),
        KeyId: key.arn,
      };
    },

    Decrypt(input, call) {
      const blob = requiredBlob(input, "CiphertextBlob");
      const name = input.text("KeyId", KEY_ID);
      const context = input.textMap("EncryptionContext");
      input.text("EncryptionAlgorithm", { oneOf: [ALGORITHM] });
      const isDry = input.flag("DryRun");
      input.check();
      const id = blobs.keyIdOf(blob);
      const madeWith = keysOf(call.caller.account, call.region).find((key) => key.id === id);
      const wanted = name ?? madeWith?.arn;
      if (wanted === undefined) throw new AwsError("InvalidCiphertextException", "");
      const key = authorizedKey(call, "kms:Decrypt", wanted, context);
      checkUsable(key);
      if (madeWith !== undefined && madeWith.id !== key.id)
        throw new AwsError(
          "IncorrectKeyException",
          "The key ID in the request does not identify a CMK that can perform this operation.",
        );
      const plaintext = madeWith && blobs.open(madeWith, blob, context);
      if (plaintext === undefined) throw new AwsError("InvalidCiphertextException", "");
      refuseDryRun(isDry);
      return { KeyId: key.arn, Plaintext: base64(plaintext), EncryptionAlgorithm: ALGORITHM };
    },

    DescribeKey(input, call) {
      const name = input.requiredText("KeyId", KEY_ID);
      input.check();
      const key = authorizedKey(call, "kms:DescribeKey", name, {});
      return {
        KeyMetadata: {
          AWSAccountId: key.account,
          KeyId: key.id,
          Arn: key.arn,
          CreationDate: CREATED_AT_SECONDS,
          Enabled: key.state === "Enabled",
          Description: key.description,
          KeyUsage: "ENCRYPT_DECRYPT",
          KeyState: key.state,
          Origin: "AWS_KMS",
          KeyManager: "CUSTOMER",
          CustomerMasterKeySpec: ALGORITHM,
          KeySpec: ALGORITHM,
          EncryptionAlgorithms: [ALGORITHM],
          MultiRegion: false,
        },
      };
    },

    ListAliases(input, call) {
      const itemsMax = input.integer("Limit", { min: 1, max: ALIASES_PER_PAGE_MAX }) ?? ALIASES_PER_PAGE_DEFAULT;
      const marker = input.text("Marker");
      const only = input.text("KeyId", KEY_ID);
      input.check();
      const { caller, region } = call;
      authorize(caller, { action: "kms:ListAliases", resource: "*", region });
      const keys = keysOf(caller.account, region);
      const key = only === undefined ? undefined : findKey(caller.account, region, only);
      const page = deps.pager.page({
        items: key === undefined ? keys : keys.filter(({ id }) => id === key.id),
        keyOf: ({ alias }) => alias,
        itemsMax,
        nextToken: marker,
        query: ["ListAliases", caller.account, region, key?.id],
      });
      if (page === undefined) throw new AwsError("InvalidMarkerException", "Could not deserialize marker");
      return {
        Aliases: page.items.map(({ alias, id, arn }) => ({
          AliasName: alias,
          AliasArn: arn.replace(`key/${id}`, alias),
          TargetKeyId: id,
          CreationDate: CREATED_AT_SECONDS,
          LastUpdatedDate: CREATED_AT_SECONDS,
        })),
        Truncated: page.nextToken !== undefined,
        NextMarker: page.nextToken,
      };
    },
  };
}

/** 2024-01-15, in seconds since the epoch. */
const CREATED_AT_SECONDS = 1_705_276_800;

/** @throws AccessDeniedError naming the key's ARN; AwsError NotFoundException */
function authorizedKey({ caller, region }: Call, action: string, name: string, context: EncryptionContext): KmsKey {
  const key = findKey(caller.account, region, name);
  const alias = /(?:^|:)(alias\/.+)$/.exec(name)?.[1];
  const entries: Record<string, ContextEntries[string]> = { "kms:EncryptionContextKeys": Object.keys(context) };
  for (const [member, value] of Object.entries(context)) entries[`kms:EncryptionContext:${member}`] = value;
  if (alias !== undefined) entries["kms:RequestAlias"] = alias;
  authorize(caller, { action, resource: key.arn, region, context: entries });
  return key;
}

function requiredBlob(input: JsonInput, member: string): Uint8Array {
  const bytes = Buffer.from(input.requiredText(member, { charsMin: 1, charsMax: BLOB_BYTES_MAX * 2 }), "base64");
  if (bytes.length > BLOB_BYTES_MAX)
    throw new AwsError("ValidationException", `${member} is longer than ${BLOB_BYTES_MAX} bytes.`);
  return bytes;
}

function refuseDryRun(isDry: boolean): void {
  if (isDry)
    throw new AwsError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
