// A session that the account's preferences encrypt, with everything real: document, KMS, machine, channel, permissions.
import { GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  SSMClient,
  StartSessionCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { eventually, TestClient } from "../src/ssm-messages/test-peers.ts";
import { INSTANCE_ID } from "../src/ssm-messages/test-service.ts";

const Name = "SSM-SessionManagerRunShell";
const PROMPT = "ssm-user@checkout-api-04:~$ ";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, fleet: DEFAULT_FLEET.filter(({ id }) => id === INSTANCE_ID) });
  await sandbox.machinesConnected;
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.faults.setPlan({}));

const client = (id: string) => {
  const credentials = sandbox.people.people.find((person) => person.id === id);
  if (credentials === undefined) throw new Error(`nobody is called ${id}`);
  return { endpoint: sandbox.endpointUrl, region: "eu-west-1", credentials, maxAttempts: 1 };
};

/** What an admin does to make the account's sessions encrypted. */
async function encryptWith(kmsKeyId: string): Promise<void> {
  const ssm = new SSMClient(client("amira"));
  const content = {
    schemaVersion: "1.0",
    sessionType: "Standard_Stream",
    inputs: { kmsKeyId, idleSessionTimeout: "20" },
  };
  const { DocumentDescription } = await ssm.send(
    new UpdateDocumentCommand({
      Name,
      DocumentVersion: "$LATEST",
      Content: JSON.stringify({ ...content, description: `since ${Date.now()}` }),
    }),
  );
  const DocumentVersion = String(DocumentDescription?.DocumentVersion);
  await ssm.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion }));
}

/** Starts a session as dana, up to where the data key is wanted. */
async function start() {
  const started = await new SSMClient(client("dana")).send(
    new StartSessionCommand({ Target: INSTANCE_ID, DocumentName: Name }),
  );
  const channel = new TestClient(String(started.SessionId));
  await channel.connect(String(started.StreamUrl), String(started.TokenValue));
  await eventually(() => expect(channel.events.map(({ kind }) => kind)).toContain("data_key_wanted"));
  const wanted = channel.events.find((event) => event.kind === "data_key_wanted");
  if (wanted?.kind !== "data_key_wanted") throw new Error("no data key was wanted");
  return { channel, wanted };
}

const dataKey = ({ kmsKeyId, encryptionContext }: Awaited<ReturnType<typeof start>>["wanted"], id = "dana") =>
  new KMSClient(client(id)).send(
    new GenerateDataKeyCommand({ KeyId: kmsKeyId, NumberOfBytes: 64, EncryptionContext: encryptionContext }),
  );

async function startWithKey() {
  const { channel, wanted } = await start();
  const { Plaintext, CiphertextBlob } = await dataKey(wanted);
  channel.act(() =>
    channel.channel.handleDataKey(
      { plaintext: Plaintext ?? new Uint8Array(0), ciphertextBlob: CiphertextBlob ?? new Uint8Array(0) },
      Date.now(),
    ),
  );
  return channel;
}

test("preferences that name a key give an encrypted shell, whose output and keys both ends sealed", async () => {
  await encryptWith("alias/session-manager");
  const channel = await startWithKey();
  await channel.shows(PROMPT);
  channel.type("echo sealed-$((40+2))\r");
  await channel.shows("sealed-42");
  const { handshake, dataKey: key } = channel.channel.exportState();
  expect([handshake.challengeAnswered, key?.length]).toEqual([true, 64]);
  channel.type("exit\r");
  expect(await channel.ended()).toBe("");
});

test("a caller without kms:GenerateDataKey gets no key, and the machine is told that the client failed", async () => {
  const { channel, wanted } = await start();
  await expect(dataKey(wanted, "kofi")).rejects.toMatchObject({ name: "AccessDeniedException" });
  channel.act(() => channel.channel.handleDataKeyFailed("not authorized to perform: kms:GenerateDataKey", Date.now()));
  await eventually(() => expect(channel.events.map(({ kind }) => kind)).toContain("failed"));
});

test("a machine whose role may not decrypt ends the session with KMS's own words", async () => {
  sandbox.faults.setPlan({ api: [{ operation: "Decrypt", effect: { kind: "error", code: "AccessDeniedException" } }] });
  const channel = await startWithKey();
  expect(await channel.ended()).toMatch(
    /-ERROR-[\s\S]*Fetching data key failed: [\s\S]*AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role\/SandboxNodeRole\/i-0a1f6c83e5d2b7940 is not authorized to perform: kms:Decrypt/,
  );
});

test("a key that was switched off since stops both sides", async () => {
  await encryptWith("alias/session-manager-paused");
  const { wanted } = await start();
  await expect(dataKey(wanted)).rejects.toMatchObject({ name: "DisabledException" });
});
