// What an agent's channel does in a session, frame by frame. The list of quirks: test/quirks.test.ts.
import { describe, expect, test } from "vitest";
import {
  acknowledgedBy,
  acknowledgement,
  agentEvents,
  fields,
  frame,
  input,
  kinds,
  messagesOf,
  openAgent,
  runningAgent,
  streamDataOf,
  text,
  transmitsOf,
  utf8,
} from "../test/direct-link.ts";
import { nodeAesGcm, testHost } from "../test/node-host.ts";
import {
  AGENT_BUFFER_MESSAGES_MAX,
  AGENT_DRAIN_MS,
  AGENT_HANDSHAKE_TIMEOUT_MS,
  AGENT_WINDOW_MESSAGES,
  type AgentChannel,
} from "./agent-channel.ts";
import { ChannelError } from "./channel-error.ts";
import { SessionCipher } from "./encryption.ts";
import { buildEncChallenge, buildHandshakeResponse, type ProcessedAction } from "./handshake-payloads.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { FLAG, PAYLOAD_TYPE } from "./payloads.ts";

const KEY = Uint8Array.from({ length: 64 }, (_, index) => index);
const KMS = { kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" };
const clientCipher = new SessionCipher("client", KEY, nodeAesGcm, () => new Uint8Array(12).fill(7));
const outputAck = (sequenceNumber: number) => acknowledgement(sequenceNumber, MESSAGE_TYPE.outputStreamData);
const publication = (verb: "start" | "pause") => frame({ messageType: `${verb}_publication` });
const cancelled = frame({ messageType: MESSAGE_TYPE.channelClosed });
const answer = (...actions: Partial<ProcessedAction>[]) =>
  buildHandshakeResponse({
    clientVersion: "1.2.650.0",
    processedClientActions: actions.map((action) => ({
      actionType: "SessionType",
      actionStatus: 1,
      error: "",
      ...action,
    })),
    errors: [],
  });
const kmsAnswer = (challengeAcknowledgement: boolean) =>
  answer({}, { actionType: "KMSEncryption", kms: { cipherTextKey: utf8("blob"), challengeAcknowledgement } });
const sessionStates = (agent: AgentChannel) =>
  messagesOf(agent)
    .filter(({ messageType }) => messageType === MESSAGE_TYPE.agentSessionState)
    .map(({ payload, flags, sequenceNumber }) => [JSON.parse(text(payload)).SessionState, flags, sequenceNumber]);

describe("opening", () => {
  test("the open message, then the state Connected, then the shell starts without a handshake", () => {
    const agent = openAgent();
    agent.handleSocketOpen("the-token", 0);
    const [open, connected, ...rest] = transmitsOf(agent);
    expect(open?.kind === "text" && JSON.parse(open.text)).toEqual({
      MessageSchemaVersion: "1.0",
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      TokenValue: "the-token",
      ClientInstanceId: "i-0123456789abcdef0",
      ClientId: "",
    });
    const state = fields(connected?.kind === "binary" ? connected.frame : new Uint8Array(0));
    expect([state.messageType, state.flags, JSON.parse(text(state.payload))]).toEqual([
      "agent_session_state",
      3n,
      { SchemaVersion: 1, SessionState: "Connected", SessionId: "dana-0a1b2c3d4e5f60718" },
    ]);
    expect([rest, agentEvents(agent)]).toEqual([[], [{ kind: "start", clientVersion: undefined }]]);
  });

  test("a later socket opens and says nothing of the state, and starts nothing again", () => {
    const agent = runningAgent();
    agent.handleSocketLost(1);
    agent.handleSocketOpen("next", 2);
    expect(transmitsOf(agent).map(({ kind }) => kind)).toEqual(["text"]);
    expect(agentEvents(agent)).toEqual([]);
  });

  test.each([
    ["NonInteractiveCommands", {}, true],
    ["Port", {}, true],
    ["Port", KMS, true],
    ["Standard_Stream", {}, false],
    ["InteractiveCommands", {}, false],
    ["Standard_Stream", KMS, true],
    ["Standard_Stream", { kmsKeyId: "" }, false],
  ])("%s with %j has a handshake: %s", (sessionType, kms, hasHandshake) => {
    const agent = openAgent({ sessionType, ...kms });
    agent.handleSocketOpen("t", 0);
    expect(streamDataOf(agent).map(({ type }) => type)).toEqual(hasHandshake ? [5] : []);
    expect(kinds(agentEvents(agent))).toEqual(hasHandshake ? [] : ["start"]);
  });
});

describe("handshake", () => {
  function asking(options: Parameters<typeof openAgent>[0] = { sessionType: "NonInteractiveCommands" }): AgentChannel {
    const agent = openAgent(options);
    agent.handleSocketOpen("t", 0);
    return agent;
  }
  const requestOf = (agent: AgentChannel) => JSON.parse(streamDataOf(agent)[0]?.body ?? "null");

  test("the request names the session type, and the properties of Port alone", () => {
    const properties = { portNumber: "22", type: "LocalPortForwarding" };
    const requests = ["Port", "NonInteractiveCommands"].map((sessionType) =>
      requestOf(asking({ sessionType, properties })),
    );
    expect(requests.map(({ RequestedClientActions: [action] }) => action.ActionParameters.Properties)).toEqual([
      properties,
      null,
    ]);
  });

  test("with success in every answer the process starts, and the client is told it is complete, in nanoseconds", () => {
    const agent = asking();
    agent.receive(input(0, answer({}), 6), 120);
    expect(streamDataOf(agent).at(-1)).toEqual({
      number: 1,
      type: 7,
      body: '{"HandshakeTimeToComplete":120000000,"CustomerMessage":""}',
    });
    expect(agentEvents(agent)).toEqual([{ kind: "start", clientVersion: "1.2.650.0" }]);
  });

  test.each([2, 3, 0])("an answer of status %i ends the session as failed, with the client's words", (actionStatus) => {
    const agent = asking();
    agent.receive(input(0, answer({ actionStatus, error: "no" }), 6), 120);
    agent.handleTimeout(120 + AGENT_DRAIN_MS);
    expect(agentEvents(agent)).toEqual([
      {
        kind: "failed",
        output: `\n----------ERROR-------\nSessionType failed on client with status ${actionStatus} error: no`,
      },
    ]);
  });

  test("without an answer for 15 s it ends as failed, 2 s later for what was never acknowledged", () => {
    const agent = asking();
    agent.handleTimeout(AGENT_HANDSHAKE_TIMEOUT_MS);
    expect(agentEvents(agent)).toEqual([]);
    agent.handleTimeout(AGENT_HANDSHAKE_TIMEOUT_MS + AGENT_DRAIN_MS);
    expect(agentEvents(agent)).toMatchObject([
      { kind: "failed", output: expect.stringContaining("Handshake timed out.") },
    ]);
    expect(sessionStates(agent).map(([state]) => state)).toEqual(["Connected"]);
  });

  test.each([
    [true, { "aws:ssm:RandomChallenge": expect.any(String) }],
    [false, {}],
  ])("the data key's context has the challenge when the client acknowledged it: %s", (acknowledged, extra) => {
    const agent = asking(KMS);
    agent.receive(input(0, kmsAnswer(acknowledged), 6), 1);
    expect(agentEvents(agent)).toEqual([
      {
        kind: "data_key_wanted",
        ...KMS,
        ciphertextBlob: utf8("blob"),
        encryptionContext: {
          "aws:ssm:SessionId": "dana-0a1b2c3d4e5f60718",
          "aws:ssm:TargetId": "i-0123456789abcdef0",
          ...extra,
        },
      },
    ]);
  });

  function challenged(): { agent: AgentChannel; challenge: Uint8Array } {
    const agent = asking(KMS);
    agent.receive(input(0, kmsAnswer(true), 6), 1);
    agentEvents(agent);
    transmitsOf(agent);
    agent.handleDataKey(KEY, 2);
    const sealed = Buffer.from(JSON.parse(streamDataOf(agent).at(-1)?.body ?? "").Challenge, "base64");
    expect(sealed).toHaveLength(92);
    return { agent, challenge: clientCipher.open(sealed) ?? new Uint8Array(0) };
  }

  test("a client that seals the challenge with its half of the key is let in, and output is sealed from then on", () => {
    const { agent, challenge } = challenged();
    agent.receive(input(1, buildEncChallenge(clientCipher.seal(challenge)), 9), 3);
    agent.handleReady(3);
    agent.sendOutput(utf8("$ "), 4);
    agent.sendOutput(utf8("EXIT_CODE: 0"), 4, PAYLOAD_TYPE.exitCode);
    agent.receive(input(2, "not sealed"), 5);
    agent.receive(input(3, clientCipher.seal(utf8("ls\r"))), 5);
    const sent = messagesOf(agent).filter(({ payloadType }) => payloadType === 1 || payloadType === 12);
    expect(sent.map(({ payload }) => text(clientCipher.open(payload) ?? new Uint8Array(0)))).toEqual([
      "$ ",
      "EXIT_CODE: 0",
    ]);
    expect(agentEvents(agent)).toEqual([
      { kind: "start", clientVersion: "1.2.650.0" },
      { kind: "frame_rejected", reason: "decryption", messageType: "input_stream_data", length: 10 },
      { kind: "input", bytes: utf8("ls\r") },
    ]);
  });

  test.each([
    [
      "an expired wait",
      (agent: AgentChannel) => agent.handleTimeout(2 + AGENT_HANDSHAKE_TIMEOUT_MS),
      "Timed out waiting",
    ],
    [
      "a wrong answer",
      (agent: AgentChannel) => agent.receive(input(1, buildEncChallenge(clientCipher.seal(utf8("?"))), 9), 3),
      "does not match",
    ],
  ])("%s to the challenge ends the session as failed", (_name, act, expected) => {
    const { agent } = challenged();
    act(agent);
    agent.handleTimeout(60_000);
    expect(agentEvents(agent)).toMatchObject([{ kind: "failed", output: expect.stringContaining(expected) }]);
  });

  test("a data key that KMS refuses, or of the wrong length, ends the session as failed", () => {
    for (const act of [
      (agent: AgentChannel) => agent.handleDataKeyFailed("AccessDeniedException", 2),
      (agent: AgentChannel) => agent.handleDataKey(KEY.subarray(1), 2),
    ]) {
      const agent = asking(KMS);
      agent.receive(input(0, kmsAnswer(true), 6), 1);
      act(agent);
      agent.handleTimeout(60_000);
      expect(kinds(agentEvents(agent))).toEqual(["data_key_wanted", "failed"]);
    }
  });

  test("an encrypted session cannot be opened on a host without a cipher", () => {
    const { aesGcm: _unused, ...host } = testHost(3);
    expect(() => openAgent({ host, ...KMS })).toThrowError(ChannelError);
  });
});

describe("output", () => {
  test("it is split at 1024 bytes, never inside a character, numbered from 0; only message 0 says SYN", () => {
    const agent = runningAgent();
    agent.sendOutput(utf8(`${"x".repeat(1_023)}é`), 1);
    expect(
      messagesOf(agent).map(({ sequenceNumber, flags, payloadLength }) => [sequenceNumber, flags, payloadLength]),
    ).toEqual([
      [0n, 1n, 1_023],
      [1n, 0n, 2],
    ]);
  });

  test("before the process may start it is our mistake; after the end it is dropped", () => {
    const waiting = openAgent({ sessionType: "Port" });
    waiting.handleSocketOpen("t", 0);
    expect(() => waiting.sendOutput(utf8("x"), 1)).toThrowError(
      expect.objectContaining({ code: "CHANNEL_NOT_RUNNING" }),
    );
    const agent = runningAgent();
    agent.receive(cancelled, 1);
    agent.sendOutput(utf8("x"), 2);
    expect(transmitsOf(agent)).toEqual([]);
  });

  test("at 128 unacknowledged messages the process is no longer read; one acknowledgement makes it writable again", () => {
    const agent = runningAgent();
    for (let sent = 0; sent < AGENT_WINDOW_MESSAGES; sent += 1) {
      expect(agent.canSend).toBe(true);
      agent.sendOutput(utf8("x"), 1);
    }
    expect([agent.canSend, agent.unackedMessages]).toEqual([false, AGENT_WINDOW_MESSAGES]);
    agent.receive(outputAck(5), 2);
    expect([agent.canSend, agentEvents(agent)]).toEqual([true, [{ kind: "writable" }]]);
    agent.receive(outputAck(6), 3);
    expect(agentEvents(agent)).toEqual([]);
  });

  test("a piece larger than the window is kept whole: nothing of it is lost", () => {
    const agent = runningAgent();
    agent.sendOutput(new Uint8Array(200 * 1_024), 1);
    transmitsOf(agent);
    agent.handleSocketLost(2);
    agent.handleSocketOpen("t", 3);
    expect(streamDataOf(agent)).toHaveLength(200);
  });

  test("like the real agent, it sends what goes beyond 100,000 unacknowledged messages once and keeps no copy", () => {
    const cheap = { sha256: () => new Uint8Array(32), randomBytes: (length: number) => new Uint8Array(length) };
    const agent = runningAgent({
      unackedMessagesMax: AGENT_BUFFER_MESSAGES_MAX,
      host: cheap,
    });
    const piece = new Uint8Array(1);
    for (let sent = 0; sent < AGENT_BUFFER_MESSAGES_MAX + 2; sent += 1) agent.sendOutput(piece, 1);
    expect(transmitsOf(agent)).toHaveLength(AGENT_BUFFER_MESSAGES_MAX + 2);
    expect([agent.unackedMessages, agent.canSend]).toEqual([AGENT_BUFFER_MESSAGES_MAX, false]);
    agent.handleSocketLost(2);
    agent.handleSocketOpen("t", 3);
    expect(transmitsOf(agent)).toHaveLength(AGENT_BUFFER_MESSAGES_MAX + 1); // and the open message
  });
});

describe("a pause", () => {
  const unpausing: [string, (agent: AgentChannel) => void][] = [
    ["start_publication", (agent) => agent.receive(publication("start"), 9)],
    ["any input", (agent) => agent.receive(input(0, "x"), 9)],
    ["any acknowledgement", (agent) => agent.receive(outputAck(77), 9)],
    [
      "a new socket",
      (agent) => {
        agent.handleSocketLost(8);
        agent.handleSocketOpen("t", 9);
      },
    ],
  ];

  test.each(unpausing)("stops output and resends, stops reading the process, and is ended by %s", (_name, act) => {
    const agent = runningAgent();
    agent.sendOutput(utf8("before"), 1);
    transmitsOf(agent);
    agent.receive(publication("pause"), 2);
    agent.sendOutput(utf8("meanwhile"), 3);
    agent.handleTimeout(5_000);
    expect([agent.canSend, transmitsOf(agent), agent.pollTimeoutMs()]).toEqual([false, [], undefined]);
    act(agent);
    expect(streamDataOf(agent).map(({ body }) => body)).toContain("meanwhile");
    const events = agentEvents(agent).filter(({ kind }) => kind !== "input");
    expect(events).toEqual([
      { kind: "publication", paused: true },
      { kind: "publication", paused: false },
      { kind: "writable" },
    ]);
  });

  test("acknowledgements go out in spite of it", () => {
    const agent = runningAgent();
    agent.receive(input(0, "x"), 1);
    agent.receive(publication("pause"), 2);
    expect(acknowledgedBy(agent)).toEqual([0]);
  });
});

describe("input", () => {
  test("keys, sizes and flags are told in order and acknowledged", () => {
    const agent = runningAgent();
    agent.receive(input(1, '{"cols":120,"rows":40}', 3), 1);
    agent.receive(input(0, "ls\r"), 1);
    agent.receive(input(2, Uint8Array.of(0, 0, 0, 1), 10), 1);
    expect(agentEvents(agent)).toEqual([
      { kind: "input", bytes: utf8("ls\r") },
      { kind: "size", cols: 120, rows: 40 },
      { kind: "flag", flag: FLAG.disconnectToPort },
    ]);
    expect(acknowledgedBy(agent)).toEqual([1, 0, 2]);
  });

  test("numbers beyond 2^53 are rejected", () => {
    const agent = runningAgent();
    agent.receive(input(2n ** 62n, "x"), 1);
    expect([kinds(agentEvents(agent)), transmitsOf(agent)]).toEqual([["frame_rejected"], []]);
  });
});

describe("the end", () => {
  test("of the process: its last output gets until it is acknowledged, then Terminating, then finished", () => {
    const agent = runningAgent();
    agent.sendOutput(utf8("bye"), 1);
    agent.finish(2);
    expect([sessionStates(agent), agentEvents(agent)]).toEqual([[], []]);
    agent.receive(outputAck(0), 50);
    expect(agentEvents(agent)).toEqual([{ kind: "finished" }]);
    expect(sessionStates(agent)).toEqual([["Terminating", 3n, 0n]]);
    expect(agent.pollTimeoutMs()).toBeUndefined();
  });

  test("of the process: after 2 s without acknowledgement it is finished all the same", () => {
    const agent = runningAgent();
    agent.sendOutput(utf8("bye"), 1);
    agent.finish(2);
    agent.handleTimeout(1 + AGENT_DRAIN_MS);
    expect(agentEvents(agent)).toEqual([]);
    agent.handleTimeout(2 + AGENT_DRAIN_MS);
    expect(agentEvents(agent)).toEqual([{ kind: "finished" }]);
  });

  test("of the process with nothing to wait for is at once; told twice, it ends once", () => {
    const agent = runningAgent();
    agent.finish(1);
    agent.finish(1);
    expect([agentEvents(agent), sessionStates(agent).length]).toEqual([[{ kind: "finished" }], 1]);
  });

  test("of a Port session says no Terminating", () => {
    const agent = openAgent({ sessionType: "Port" });
    agent.handleSocketOpen("t", 0);
    agent.receive(input(0, answer({}), 6), 1);
    agent.handleReady(1);
    for (const number of [0, 1]) agent.receive(outputAck(number), 2);
    transmitsOf(agent);
    agent.finish(3);
    expect([kinds(agentEvents(agent)).at(-1), sessionStates(agent)]).toEqual(["finished", []]);
  });

  test("by channel_closed or by the client's flag: the process is to be killed, nothing is resent any more", () => {
    const flag = input(0, Uint8Array.of(0, 0, 0, FLAG.terminateSession), PAYLOAD_TYPE.flag);
    for (const end of [cancelled, flag]) {
      const agent = runningAgent();
      agent.sendOutput(utf8("x"), 1);
      agent.receive(end, 2);
      expect(agentEvents(agent).at(-1)).toEqual({ kind: "cancelled" });
      expect([sessionStates(agent), agent.pollTimeoutMs()]).toEqual([[], undefined]);
    }
  });

  test("makes every later call harmless", () => {
    const agent = runningAgent();
    agent.receive(cancelled, 1);
    agentEvents(agent);
    agent.handleReady(2);
    agent.finish(2);
    agent.handleDataKey(KEY, 2);
    agent.handleDataKeyFailed("late", 2);
    agent.handleSocketLost(3);
    agent.handleSocketOpen("t", 4);
    agent.receive(input(0, "x"), 5);
    agent.handleTimeout(1_000_000);
    expect([agentEvents(agent), transmitsOf(agent), agent.canSend]).toEqual([[], [], false]);
  });
});
