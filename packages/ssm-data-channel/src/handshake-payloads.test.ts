import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectorPayload } from "../test/vectors/vectors.ts";
import { base64Encode } from "./base64.ts";
import {
  ACTION_STATUS,
  buildEncChallenge,
  buildHandshakeComplete,
  buildHandshakeRequest,
  buildHandshakeResponse,
  readEncChallenge,
  readHandshakeComplete,
  readHandshakeRequest,
  readHandshakeResponse,
} from "./handshake-payloads.ts";

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const parsed = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());

describe("HandshakeRequest", () => {
  const kms = {
    kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/01020304-0506-4708-890a-0b0c0d0e0f10",
    challenge: "AAECAwQFBgcICQoLDA0ODw==",
  };

  test("of the real agent is read", () => {
    expect(readHandshakeRequest(vectorPayload("pt5-handshake-req"))).toEqual({
      agentVersion: "3.3.987.0",
      requestedClientActions: [
        { kind: "session_type", actionType: "SessionType", sessionType: "Standard_Stream", properties: null },
        { kind: "kms_encryption", actionType: "KMSEncryption", ...kms },
      ],
    });
  });

  test("is built as the real agent writes it", () => {
    const request = buildHandshakeRequest({ agentVersion: "3.3.987.0", sessionType: "Standard_Stream", kms });
    expect(parsed(request)).toEqual(parsed(vectorPayload("pt5-handshake-req")));
  });

  test("without encryption asks for the session type alone, with the properties of a Port document", () => {
    const properties = { portNumber: "22", type: "LocalPortForwarding" };
    const request = readHandshakeRequest(
      buildHandshakeRequest({ agentVersion: "3.3.0.0", sessionType: "Port", properties }),
    );
    expect(request?.requestedClientActions).toEqual([
      { kind: "session_type", actionType: "SessionType", sessionType: "Port", properties },
    ]);
  });

  test("of an agent before 2023 has no challenge", () => {
    const request = buildHandshakeRequest({
      agentVersion: "3.1.0.0",
      sessionType: "Standard_Stream",
      kms: { kmsKeyId: "k" },
    });
    expect(Buffer.from(request).toString()).not.toContain("Challenge");
    expect(readHandshakeRequest(request)?.requestedClientActions[1]).toMatchObject({ kmsKeyId: "k", challenge: "" });
  });

  test("with an action nobody knows keeps its name, so that it can be answered as unsupported", () => {
    const request = readHandshakeRequest(
      utf8('{"requestedclientactions":[{"actiontype":"Dance","ActionParameters":7},null]}'),
    );
    expect(request?.requestedClientActions).toEqual([
      { kind: "unknown", actionType: "Dance" },
      { kind: "unknown", actionType: "" },
    ]);
  });

  test("with unreadable parameters of a known action says so, so that it can be answered as failed", () => {
    const parameters = ["7", '{"SessionType":7}', '"Standard_Stream"'];
    for (const text of parameters) {
      const request = readHandshakeRequest(
        utf8(`{"RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":${text}}]}`),
      );
      expect(request?.requestedClientActions).toEqual([{ kind: "malformed", actionType: "SessionType" }]);
    }
  });

  test.each([
    "x",
    "[]",
    '{"RequestedClientActions":{}}',
    '{"RequestedClientActions":[7]}',
    '{"RequestedClientActions":[{"ActionType":7}]}',
    '{"AgentVersion":3}',
  ])("%s is none", (text) => {
    expect(readHandshakeRequest(utf8(text))).toBeUndefined();
  });

  test("with null for a list asks for nothing", () => {
    expect(readHandshakeRequest(utf8('{"RequestedClientActions":null}'))).toEqual({
      agentVersion: "",
      requestedClientActions: [],
    });
  });
});

describe("HandshakeResponse", () => {
  test("of the real client is read, and built as it writes it", () => {
    const response = readHandshakeResponse(vectorPayload("pt6-handshake-resp"));
    expect(response?.processedClientActions).toMatchObject([
      { actionType: "SessionType", actionStatus: ACTION_STATUS.success, error: "" },
      { actionType: "KMSEncryption", actionStatus: ACTION_STATUS.success, kms: { challengeAcknowledgement: false } },
    ]);
    expect(response?.processedClientActions[1]?.kms?.cipherTextKey).toHaveLength(48);
    expect(response && buildHandshakeResponse(response)).toEqual(vectorPayload("pt6-handshake-resp"));
  });

  test("acknowledges a random challenge", () => {
    const kms = { cipherTextKey: Uint8Array.of(1, 2, 3), challengeAcknowledgement: true };
    const action = { actionType: "KMSEncryption", actionStatus: 1, kms, error: "" };
    const payload = buildHandshakeResponse({
      clientVersion: "1.2.650.0",
      processedClientActions: [action],
      errors: [],
    });
    expect(parsed(payload)).toMatchObject({
      ProcessedClientActions: [
        { ActionResult: { KMSCipherTextKey: "AQID", KMSCipherTextHash: null, ChallengeAcknowledgement: true } },
      ],
    });
    expect(readHandshakeResponse(payload)?.processedClientActions).toEqual([action]);
  });

  test("tells what failed", () => {
    const error = "Failed to process action SessionType: no such type";
    const response = {
      clientVersion: "1.2.650.0",
      processedClientActions: [{ actionType: "SessionType", actionStatus: ACTION_STATUS.failed, error }],
      errors: [error],
    };
    expect(readHandshakeResponse(buildHandshakeResponse(response))).toEqual(response);
  });

  test("of the real client to an action it does not know has the status in the wrong field, and is read as status 0", () => {
    const payload = utf8(
      '{"ProcessedClientActions":[{"ActionType":"Dance","ActionStatus":0,"ActionResult":3,"Error":""}]}',
    );
    expect(readHandshakeResponse(payload)?.processedClientActions).toEqual([
      { actionType: "Dance", actionStatus: 0, error: "" },
    ]);
  });

  test.each([
    '{"ProcessedClientActions":[{"ActionType":"KMSEncryption","ActionResult":{"KMSCipherTextKey":"?"}}]}',
    '{"ProcessedClientActions":[{"ActionStatus":"1"}]}',
    '{"ProcessedClientActions":[[]]}',
    '{"Errors":"none"}',
    "",
  ])("%s is none", (text) => {
    expect(readHandshakeResponse(utf8(text))).toBeUndefined();
  });
});

describe("HandshakeComplete", () => {
  test("of the real agent is read, and built as it writes it; the time is in nanoseconds", () => {
    const complete = readHandshakeComplete(vectorPayload("pt7-handshake-complete"));
    expect(complete).toEqual({
      handshakeTimeToCompleteNs: 123_456_789,
      customerMessage: "This session is encrypted using AWS KMS.",
    });
    expect(complete && buildHandshakeComplete(complete)).toEqual(vectorPayload("pt7-handshake-complete"));
  });

  test("is an integer on the wire, whatever was measured", () => {
    expect(parsed(buildHandshakeComplete({ handshakeTimeToCompleteNs: 1.5, customerMessage: "" }))).toMatchObject({
      HandshakeTimeToComplete: 2,
    });
  });
});

describe("the encryption challenge", () => {
  test.each(["pt8-enc-challenge-req", "pt9-enc-challenge-resp"])(
    "%s is 92 bytes of cipher text, read and built",
    (id) => {
      const challenge = readEncChallenge(vectorPayload(id));
      expect(challenge).toHaveLength(92);
      expect(challenge && buildEncChallenge(challenge)).toEqual(vectorPayload(id));
    },
  );

  test("that is not base64 is undefined; one that is missing is empty", () => {
    expect(readEncChallenge(utf8('{"Challenge":"!"}'))).toBeUndefined();
    expect(readEncChallenge(utf8("{}"))).toEqual(new Uint8Array(0));
  });
});

test("what is built is read back, for any texts and bytes", () => {
  const action = fc.record({
    actionType: fc.constant("KMSEncryption"),
    actionStatus: fc.integer({ min: 0, max: 3 }),
    kms: fc.record({ cipherTextKey: fc.uint8Array({ maxLength: 200 }), challengeAcknowledgement: fc.boolean() }),
    error: fc.string(),
  });
  const response = fc.record({
    clientVersion: fc.string(),
    processedClientActions: fc.array(action, { maxLength: 3 }),
    errors: fc.array(fc.string()),
  });
  fc.assert(
    fc.property(response, fc.string(), fc.uint8Array(), (answer, text, challenge) => {
      expect(readHandshakeResponse(buildHandshakeResponse(answer))).toEqual(answer);
      const kms = { kmsKeyId: text, challenge: base64Encode(challenge) };
      expect(readHandshakeRequest(buildHandshakeRequest({ agentVersion: text, sessionType: text, kms }))).toMatchObject(
        {
          agentVersion: text,
          requestedClientActions: [{ sessionType: text }, kms],
        },
      );
      expect(readEncChallenge(buildEncChallenge(challenge))).toEqual(challenge);
    }),
  );
});

test("no reader throws, whatever the bytes", () => {
  const readers = [readEncChallenge, readHandshakeComplete, readHandshakeRequest, readHandshakeResponse];
  const keys = fc.constantFrom(
    "RequestedClientActions",
    "processedClientActions",
    "ActionType",
    "ActionParameters",
    "ActionResult",
    "Challenge",
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("SessionType", "KMSEncryption", null, 1, "", true),
      fc.dictionary(keys, tie("value")),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  }));
  const payloads = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    value.map((json) => utf8(JSON.stringify(json))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...readers), payloads, (read, payload) => {
      read(payload);
    }),
    { numRuns: 1000 },
  );
});
