// KMS as the SDK's own client sees it, given nothing but endpoint URL, region and keys.
import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  ListAliasesCommand,
  paginateListAliases,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import type { PolicyStatement } from "../src/iam/policy.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import type { FleetInstance } from "../src/instances/fleet.ts";
import { kmsClient, sendSigned, sharedApiServer } from "./api-server.ts";

const server = await sharedApiServer();

const ALIAS = "alias/session-manager";
const EncryptionContext = { "aws:ssm:SessionId": "dana-0123456789abcdef0", "aws:ssm:TargetId": "i-0a1f6c83e5d2b7940" };
const machine = DEFAULT_FLEET.find(({ id }) => id === "i-0a1f6c83e5d2b7940") as FleetInstance;
const node = () => kmsClient(server, server.node(machine));
const amira = () => kmsClient(server, server.person("amira"));
const dataKey = async (KeyId = ALIAS, context: Record<string, string> = EncryptionContext) =>
  kmsClient(server).send(new GenerateDataKeyCommand({ KeyId, NumberOfBytes: 64, EncryptionContext: context }));
const arnOf = async (KeyId: string) => String((await amira().send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn);

test("a data key of the asked size comes plain and sealed, and the machine opens it with the same context", async () => {
  const { Plaintext, CiphertextBlob, KeyId } = await dataKey();
  expect(Plaintext).toHaveLength(64);
  expect(KeyId).toMatch(/^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(Buffer.from(CiphertextBlob ?? []).includes(Buffer.from(Plaintext ?? []))).toBe(false);
  const opened = await node().send(new DecryptCommand({ CiphertextBlob, KeyId: String(KeyId), EncryptionContext }));
  expect(opened).toMatchObject({ Plaintext, KeyId, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" });
  expect((await node().send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))).Plaintext).toEqual(Plaintext);
  expect((await dataKey()).Plaintext).not.toEqual(Plaintext);
});

test("the order of the context does not matter, anything else about it does", async () => {
  const { CiphertextBlob } = await dataKey();
  const open = (context: Record<string, string>) =>
    node().send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  await open(Object.fromEntries(Object.entries(EncryptionContext).reverse()));
  for (const wrong of [
    {},
    { "aws:ssm:SessionId": EncryptionContext["aws:ssm:SessionId"] },
    { ...EncryptionContext, "aws:ssm:TargetId": "i-0c41b7e92fa03d518" },
    { ...EncryptionContext, more: "" },
  ])
    await expect(open(wrong)).rejects.toMatchObject({ name: "InvalidCiphertextException" });
});

test("a key is named by id, ARN, alias or alias ARN", async () => {
  const arn = await arnOf(ALIAS);
  for (const name of [arn, arn.split("/")[1], ALIAS, arn.replace(/key\/.*/, ALIAS)])
    expect((await dataKey(String(name))).KeyId).toBe(arn);
});

test("a key that does not exist, is of another region, switched off or about to go is refused by name", async () => {
  const failure = async (KeyId: string) =>
    dataKey(KeyId).then(
      () => ["no failure"],
      (error: Error) => [error.name, error.message],
    );
  expect(await failure("alias/none")).toEqual([
    "NotFoundException",
    "Alias arn:aws:kms:eu-west-1:111122223333:alias/none is not found.",
  ]);
  expect(await failure("1234abcd-12ab-34cd-56ef-1234567890ab")).toEqual([
    "NotFoundException",
    "Key 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' does not exist",
  ]);
  expect(await failure((await arnOf(ALIAS)).replace("eu-west-1", "us-east-1"))).toEqual([
    "NotFoundException",
    "Invalid arn us-east-1",
  ]);
  expect((await failure((await arnOf(ALIAS)).replace("111122223333", "444455556666")))[0]).toBe("NotFoundException");
  expect(await failure("alias/session-manager-paused")).toEqual([
    "DisabledException",
    `${await arnOf("alias/session-manager-paused")} is disabled.`,
  ]);
  expect(await failure("alias/session-manager-2023")).toEqual([
    "KMSInvalidStateException",
    `${await arnOf("alias/session-manager-2023")} is pending deletion.`,
  ]);
});

test("size or spec, one of them, and within AWS's bounds", async () => {
  const generate = (more: { NumberOfBytes?: number; KeySpec?: "AES_256" | "AES_128" }) =>
    kmsClient(server).send(new GenerateDataKeyCommand({ KeyId: ALIAS, ...more }));
  expect((await generate({ KeySpec: "AES_128" })).Plaintext).toHaveLength(16);
  expect((await generate({ NumberOfBytes: 1_024 })).Plaintext).toHaveLength(1_024);
  for (const wrong of [
    {},
    { NumberOfBytes: 64, KeySpec: "AES_256" as const },
    { NumberOfBytes: 0 },
    { NumberOfBytes: 1_025 },
  ])
    await expect(generate(wrong)).rejects.toMatchObject({ name: "ValidationException" });
});

test("who has no permission is denied by the key's ARN; a person may not decrypt, a machine not generate", async () => {
  const { CiphertextBlob } = await dataKey();
  const arn = await arnOf(ALIAS);
  const kofi = kmsClient(server, server.kofi).send(new GenerateDataKeyCommand({ KeyId: ALIAS, NumberOfBytes: 64 }));
  await expect(kofi).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:iam::111122223333:user/kofi is not authorized to perform: kms:GenerateDataKey on resource: ${arn} because no identity-based policy allows the kms:GenerateDataKey action`,
  });
  const AccessDenied = { name: "AccessDeniedException" };
  const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext });
  await expect(kmsClient(server).send(decrypt)).rejects.toMatchObject(AccessDenied);
  const generate = new GenerateDataKeyCommand({ KeyId: ALIAS, NumberOfBytes: 64 });
  await expect(node().send(generate)).rejects.toMatchObject(AccessDenied);
});

test("a policy may demand the session's context, and name the alias", async () => {
  const generate = (name: string, Condition: NonNullable<PolicyStatement["Condition"]>, context = EncryptionContext) =>
    kmsClient(
      server,
      server.user(name, [
        { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", Condition }] },
      ]),
    ).send(new GenerateDataKeyCommand({ KeyId: ALIAS, NumberOfBytes: 64, EncryptionContext: context }));
  const own = { StringLike: { "kms:EncryptionContext:aws:ssm:SessionId": "dana-*" } };
  await generate("k1", own);
  await expect(generate("k2", own, { ...EncryptionContext, "aws:ssm:SessionId": "kofi-1" })).rejects.toThrow(/kms:Gen/);
  await generate("k3", { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "aws:ssm:TargetId" } });
  await generate("k4", { StringEquals: { "kms:RequestAlias": ALIAS } });
  await expect(generate("k5", { StringEquals: { "kms:RequestAlias": "alias/x" } })).rejects.toThrow(/kms:Gen/);
});

test("a blob that nobody made, that was changed, or that another key made is no cipher text", async () => {
  const { CiphertextBlob, KeyId } = await dataKey();
  const decrypt = (blob: Uint8Array, name?: string) =>
    amira().send(
      new DecryptCommand({ CiphertextBlob: blob, EncryptionContext, ...(name === undefined ? {} : { KeyId: name }) }),
    );
  const changed = Uint8Array.from(CiphertextBlob ?? []);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  for (const blob of [changed, new Uint8Array(8), Uint8Array.from(CiphertextBlob ?? []).subarray(0, 60)]) {
    await expect(decrypt(blob)).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(decrypt(blob, String(KeyId))).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  }
  const other = await arnOf(ALIAS).then((arn) => arn.replace(/key\/.*/, "alias/session-manager-paused"));
  await expect(decrypt(CiphertextBlob ?? new Uint8Array(0), other)).rejects.toMatchObject({
    name: "DisabledException",
  });
});

test("a dry run of what would work is an error that says so", async () => {
  await expect(
    kmsClient(server).send(new GenerateDataKeyCommand({ KeyId: ALIAS, NumberOfBytes: 64, DryRun: true })),
  ).rejects.toMatchObject({ name: "DryRunOperationException" });
});

test("the account's keys are found by their aliases, in pages of any size; a made-up marker is refused", async () => {
  const names: string[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: amira(), pageSize: 1 }, {}))
    names.push(...Aliases.map(({ AliasName }) => String(AliasName)));
  expect(names).toEqual([ALIAS, "alias/session-manager-2023", "alias/session-manager-paused"]);
  await expect(amira().send(new ListAliasesCommand({ Marker: "made up" }))).rejects.toMatchObject({
    name: "InvalidMarkerException",
  });
  const { KeyMetadata } = await amira().send(new DescribeKeyCommand({ KeyId: "alias/session-manager-paused" }));
  expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: "Disabled", KeyUsage: "ENCRYPT_DECRYPT" });
});

test("a signature for another service, and a call that is not here, are refused as AWS does", async () => {
  const call = (operation: string, service = "kms") =>
    sendSigned(server, {
      service,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `TrentService.${operation}` },
      body: JSON.stringify({ KeyId: ALIAS, NumberOfBytes: 64 }),
    });
  expect((await call("GenerateDataKey")).status).toBe(200);
  expect(JSON.parse((await call("GenerateDataKey", "ssm")).body)).toMatchObject({
    __type: "InvalidSignatureException",
  });
  expect(JSON.parse((await call("StartSession")).body)).toMatchObject({ __type: "UnknownOperationException" });
});
