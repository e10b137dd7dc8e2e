// The client in the handshake and under KMS (data-channel.md §7, §8), frame by frame.
import { describe, expect, test } from "vitest";
import {
  acknowledgedBy,
  clientEvents,
  kinds,
  openClient,
  output,
  streamDataOf,
  transmitsOf,
  utf8,
} from "../test/direct-link.ts";
import { nodeAesGcm, testHost } from "../test/node-host.ts";
import { CLIENT_HANDSHAKE_TIMEOUT_MS, type ClientChannel } from "./client-channel.ts";
import { SessionCipher } from "./encryption.ts";
import { buildEncChallenge, buildHandshakeComplete } from "./handshake-payloads.ts";
import { json } from "./payloads.ts";

const KEY = Uint8Array.from({ length: 64 }, (_, index) => index);
const BLOB = utf8("sealed data key");
const KMS_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const sessionType = (type: string) => ({
  ActionType: "SessionType",
  ActionParameters: { SessionType: type, Properties: null },
});
const kms = (challenge?: string) => ({
  ActionType: "KMSEncryption",
  ActionParameters: { KMSKeyId: KMS_KEY, ...(challenge === undefined ? {} : { Challenge: challenge }) },
});
const request = (...actions: unknown[]) => json({ AgentVersion: "3.3.987.0", RequestedClientActions: actions });
const complete = (customerMessage = "") => buildHandshakeComplete({ handshakeTimeToCompleteNs: 1, customerMessage });
const agentCipher = new SessionCipher("agent", KEY, nodeAesGcm, () => new Uint8Array(12).fill(9));

function connected(options: Parameters<typeof openClient>[0] = {}): ClientChannel {
  const client = openClient(options);
  client.resize(80, 24, 0);
  client.handleSocketOpen("t", 0);
  transmitsOf(client);
  return client;
}
function asked(...actions: unknown[]): ClientChannel {
  const client = connected();
  client.receive(output(0, request(...actions), 5), 0);
  return client;
}
const response = (client: ClientChannel) =>
  JSON.parse(streamDataOf(client).find(({ type }) => type === 6)?.body ?? "null");
const lastEvent = (client: ClientChannel) => clientEvents(client).at(-1);

describe("without encryption", () => {
  test.each(["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"])(
    "%s is answered with success at once, and runs when the agent says complete",
    (type) => {
      const client = asked(sessionType(type));
      expect(client.state).toBe("handshaking");
      expect(response(client)).toEqual({
        ClientVersion: "1.2.650.0",
        ProcessedClientActions: [{ ActionType: "SessionType", ActionStatus: 1, ActionResult: null, Error: "" }],
        Errors: null,
      });
      client.receive(output(1, complete("Welcome"), 7), 5);
      expect(clientEvents(client)).toEqual([
        { kind: "received", sequenceNumber: 0, payloadType: 5, output: undefined },
        { kind: "received", sequenceNumber: 1, payloadType: 7, output: undefined },
        { kind: "running", sessionType: type, agentVersion: "3.3.987.0", customerMessage: "Welcome", encrypted: false },
      ]);
      expect(streamDataOf(client).map(({ type: payloadType }) => payloadType)).toEqual(type === "Port" ? [] : [3]);
    },
  );

  test("no size and no input goes before the agent says complete", () => {
    const client = asked(sessionType("Standard_Stream"));
    expect(streamDataOf(client).map(({ type }) => type)).toEqual([6]);
    expect(client.canSend(1)).toBe(false);
  });

  test("an unknown session type gets status 2, and the session fails at complete", () => {
    const client = asked(sessionType("Hologram"));
    expect(response(client)).toMatchObject({
      ProcessedClientActions: [
        { ActionStatus: 2, Error: "Failed to process action SessionType: Unknown session type Hologram" },
      ],
      Errors: ["Failed to process action SessionType: Unknown session type Hologram"],
    });
    client.receive(output(1, complete(), 7), 5);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "HANDSHAKE_FAILED" });
    expect(client.state).toBe("closed");
  });

  test("an action nobody knows gets status 3, in its place, and does not end a session of a known type", () => {
    const client = asked({ ActionType: "Dance", ActionParameters: {} }, sessionType("Standard_Stream"));
    const statuses = response(client).ProcessedClientActions.map(
      (action: { ActionStatus: number }) => action.ActionStatus,
    );
    expect(statuses).toEqual([3, 1]);
    client.receive(output(1, complete(), 7), 5);
    expect(client.state).toBe("running");
  });

  test("a known action with parameters nobody can read gets status 2", () => {
    const client = asked({ ActionType: "SessionType", ActionParameters: "text" });
    expect(response(client).ProcessedClientActions[0].ActionStatus).toBe(2);
  });

  test("asked twice, it answers once; both questions are acknowledged", () => {
    const client = asked(sessionType("Standard_Stream"));
    client.receive(output(1, request(sessionType("Standard_Stream")), 5), 1);
    expect(streamDataOf(client).filter(({ type }) => type === 6)).toHaveLength(1);
    expect(client.state).toBe("handshaking");
  });

  test.each([
    ["a request", 0, 5],
    ["an end", 1, 7],
  ])("%s that cannot be read fails the session at once, instead of leaving it deaf", (_name, number, type) => {
    const client = number === 0 ? connected() : asked(sessionType("Standard_Stream"));
    client.receive(output(number, "not json", type), 1);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "HANDSHAKE_FAILED" });
  });

  test.each([
    ["an end before a request", 7],
    ["a challenge before a request", 8],
  ])("%s breaks the protocol", (_name, type) => {
    const client = connected();
    client.receive(output(0, complete(), type), 1);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "PROTOCOL_VIOLATION" });
    expect(client.pollTimeoutMs()).toBeUndefined();
  });

  test("after 30 s without an end of the handshake the session fails, not a moment sooner", () => {
    const client = asked(sessionType("Standard_Stream"));
    client.handleTimeout(CLIENT_HANDSHAKE_TIMEOUT_MS - 1);
    expect(client.state).toBe("handshaking");
    client.handleTimeout(CLIENT_HANDSHAKE_TIMEOUT_MS);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "HANDSHAKE_TIMEOUT" });
  });

  test("a handshake message in a running session is acknowledged and has no effect", () => {
    const client = connected();
    client.receive(output(0, "$ "), 0);
    for (const [index, type] of [5, 7, 8].entries()) client.receive(output(index + 1, "whatever", type), 1);
    expect(acknowledgedBy(client)).toEqual([0, 1, 2, 3]);
    expect([client.state, kinds(clientEvents(client)).includes("failed")]).toEqual(["running", false]);
  });
});

describe("with encryption", () => {
  function encrypted(): ClientChannel {
    const client = asked(sessionType("Standard_Stream"), kms("AAEC"));
    client.handleDataKey({ plaintext: KEY, ciphertextBlob: BLOB }, 1);
    client.receive(output(1, buildEncChallenge(agentCipher.seal(utf8("0123456789"))), 8), 2);
    client.receive(output(2, complete("This session is encrypted using AWS KMS."), 7), 3);
    return client;
  }

  test("the data key is asked for with the session, the target and the agent's challenge as context", () => {
    const client = asked(sessionType("Standard_Stream"), kms("AAEC"));
    expect(lastEvent(client)).toEqual({
      kind: "data_key_wanted",
      kmsKeyId: KMS_KEY,
      encryptionContext: {
        "aws:ssm:SessionId": "dana-0a1b2c3d4e5f60718",
        "aws:ssm:TargetId": "i-0123456789abcdef0",
        "aws:ssm:RandomChallenge": "AAEC",
      },
    });
    expect(streamDataOf(client)).toEqual([]); // no answer before the key
    client.handleDataKey({ plaintext: KEY, ciphertextBlob: BLOB }, 1);
    expect(response(client).ProcessedClientActions[1]).toEqual({
      ActionType: "KMSEncryption",
      ActionStatus: 1,
      ActionResult: {
        KMSCipherTextKey: Buffer.from(BLOB).toString("base64"),
        KMSCipherTextHash: null,
        ChallengeAcknowledgement: true,
      },
      Error: "",
    });
  });

  test.each([undefined, ""])("an agent without a challenge (%s) gets no acknowledgement of one", (challenge) => {
    const client = asked(sessionType("Standard_Stream"), kms(challenge));
    client.handleDataKey({ plaintext: KEY, ciphertextBlob: BLOB }, 1);
    expect(response(client).ProcessedClientActions[1].ActionResult).not.toHaveProperty("ChallengeAcknowledgement");
    expect(lastEvent(client)).toMatchObject({
      encryptionContext: expect.not.objectContaining({ "aws:ssm:RandomChallenge": "" }),
    });
  });

  test("the encryption challenge is opened with the agent's half and sealed with the client's", () => {
    const client = encrypted();
    const answer = streamDataOf(client).find(({ type }) => type === 9);
    const sealed = Buffer.from(JSON.parse(answer?.body ?? "").Challenge, "base64");
    expect(agentCipher.open(sealed)).toEqual(utf8("0123456789"));
    expect(clientEvents(client).at(-1)).toMatchObject({ kind: "running", encrypted: true });
  });

  test("keys are sealed, each with another nonce; sizes and flags are not", () => {
    const client = encrypted();
    transmitsOf(client);
    client.sendInput(utf8("ls\r"), 10);
    client.sendInput(utf8("ls\r"), 10);
    client.sendFlag(1, 10);
    const { unacknowledged } = client.exportState();
    const keys = unacknowledged.filter(({ payloadType }) => payloadType === 1).map(({ payload }) => payload);
    expect(keys.map((payload) => agentCipher.open(payload))).toEqual([utf8("ls\r"), utf8("ls\r")]);
    expect(keys[0]?.subarray(0, 12)).not.toEqual(keys[1]?.subarray(0, 12));
    expect(unacknowledged.at(-1)?.payload).toEqual(Uint8Array.of(0, 0, 0, 1));
  });

  test.each([1, 11, 12])("output of type %i is opened", (type) => {
    const client = encrypted();
    client.receive(output(3, agentCipher.seal(utf8("secret")), type), 10);
    expect(lastEvent(client)).toMatchObject({ kind: "received", output: utf8("secret") });
  });

  test.each([
    ["27 bytes", new Uint8Array(27)],
    ["plain text", utf8("this was never sealed by anybody at all")],
    [
      "a message of the client's own half",
      new SessionCipher("client", KEY, nodeAesGcm, () => new Uint8Array(12)).seal(utf8("x")),
    ],
  ])("%s instead of sealed output fails the session", (_name, payload) => {
    const client = encrypted();
    client.receive(output(3, payload), 10);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "DECRYPTION_FAILED" });
  });

  test("output before the key is agreed breaks the protocol: it is not shown", () => {
    const client = asked(sessionType("Standard_Stream"), kms("AAEC"));
    client.receive(output(1, "plain"), 1);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "PROTOCOL_VIOLATION" });
  });

  test("a challenge that another key sealed fails the session", () => {
    const client = asked(sessionType("Standard_Stream"), kms("AAEC"));
    client.handleDataKey({ plaintext: new Uint8Array(64), ciphertextBlob: BLOB }, 1);
    client.receive(output(1, buildEncChallenge(agentCipher.seal(utf8("0123456789"))), 8), 2);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "DECRYPTION_FAILED" });
  });

  test.each([
    ["KMS said no", (client: ClientChannel) => client.handleDataKeyFailed("AccessDeniedException", 1)],
    [
      "the key is too short",
      (client: ClientChannel) => client.handleDataKey({ plaintext: KEY.subarray(1), ciphertextBlob: BLOB }, 1),
    ],
  ])("when %s the agent is told with status 2, and the session fails", (_name, act) => {
    const client = asked(sessionType("Standard_Stream"), kms("AAEC"));
    transmitsOf(client);
    act(client);
    expect(response(client).ProcessedClientActions[1].ActionStatus).toBe(2);
    expect(lastEvent(client)).toMatchObject({ kind: "failed", code: "DATA_KEY_REFUSED" });
    expect([client.state, client.pollTimeoutMs()]).toEqual(["closed", undefined]);
  });

  test("a host without a cipher says so to the agent instead of asking for a key", () => {
    const { aesGcm: _unused, ...host } = testHost(3);
    const client = openClient({ host });
    client.handleSocketOpen("t", 0);
    client.receive(output(0, request(sessionType("Standard_Stream"), kms("AAEC")), 5), 0);
    expect(response(client).ProcessedClientActions[1].ActionStatus).toBe(2);
    expect(kinds(clientEvents(client))).toEqual(["received"]);
  });

  test("a key that comes late, twice or unasked has no effect", () => {
    const client = encrypted();
    transmitsOf(client);
    clientEvents(client);
    client.handleDataKey({ plaintext: new Uint8Array(64), ciphertextBlob: BLOB }, 5);
    client.handleDataKeyFailed("late", 5);
    expect([client.state, clientEvents(client), streamDataOf(client)]).toEqual(["running", [], []]);
  });
});

describe("after a crash of the host", () => {
  test("numbers that may have been used are filled with repeated sizes, once the shell runs and not before", () => {
    const client = connected({ walkPastBelow: 4 });
    client.receive(output(0, request(sessionType("Standard_Stream")), 5), 0);
    expect(streamDataOf(client).map(({ number, type }) => [number, type])).toEqual([[0, 6]]);
    client.receive(output(1, complete(), 7), 1);
    client.sendInput(utf8("x"), 2);
    const sizes = [1, 2, 3].map((number) => ({ number, type: 3, body: '{"cols":80,"rows":24}' }));
    expect(streamDataOf(client)).toEqual([...sizes, { number: 4, type: 1, body: "x" }]);
  });

  test("a shell whose size nobody has said is filled with the usual one; one that used enough numbers needs nothing", () => {
    const client = openClient({ walkPastBelow: 2 });
    client.handleSocketOpen("t", 0);
    client.receive(output(0, "$ "), 1);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual(Array(2).fill('{"cols":80,"rows":24}'));
    expect(client.sendInput(utf8("x"), 2)).toEqual({ first: 2, last: 2 });
  });

  test("a handshake whose end is lost for good is over when output follows the hole", () => {
    const client = asked(sessionType("Standard_Stream"));
    for (let at = 1_000; at <= 8_000; at += 1_000) client.receive(output(2, "$ "), at); // 1, its end, comes no more
    expect(kinds(clientEvents(client))).toEqual(["received", "early", "hole", "received", "running"]);
    expect(client.state).toBe("running");
  });

  test("output without a hole before it ends no handshake", () => {
    const client = asked(sessionType("Standard_Stream"));
    client.receive(output(1, "too early"), 1);
    expect(client.state).toBe("handshaking");
  });
});
