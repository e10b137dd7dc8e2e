// The real ends' mistakes, and that ours do not make them: one test per line of data-channel.md §16, by its number.
// Not here: what the host does (client 8 and 14: TerminateSession, credentials; 12: timers of sockets; agent 10 and 15:
// reading the pty; 12 to 14: the control channel), and what agent-channel.test.ts shows at its place (4, 5, 11).
import { describe, expect, test } from "vitest";
import { json, PAYLOAD_TYPE } from "../src/payloads.ts";
import {
  acknowledgedBy,
  acknowledgement,
  agentEvents,
  clientEvents,
  frame,
  input,
  kinds,
  openAgent,
  openClient,
  output,
  runningAgent,
  runningShell,
  streamDataOf,
  transmitsOf,
  utf8,
} from "./direct-link.ts";

const handshakeRequest = (sessionType = "Standard_Stream") =>
  json({
    AgentVersion: "3.3.987.0",
    RequestedClientActions: [{ ActionType: "SessionType", ActionParameters: { SessionType: sessionType } }],
  });
const handshakeComplete = json({ HandshakeTimeToComplete: 1, CustomerMessage: "" });
const failing = json({ ProcessedClientActions: [{ ActionType: "SessionType", ActionStatus: 1 }] });
/** A frame that ends the receive loop of both real ends: HeaderLength 1000. */
function deafening(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(0, 1_000);
  return bytes;
}

describe("the client, unlike the reference client,", () => {
  test("1: acknowledges every duplicate, as often as it comes", () => {
    const client = runningShell();
    for (let copy = 0; copy < 3; copy += 1) client.receive(output(0, "$ "), 200 * copy);
    expect(acknowledgedBy(client)).toEqual([0, 0, 0]);
    expect(clientEvents(client)).toEqual([]);
  });

  test("2: waits a whole timeout after a resend, too", () => {
    const client = runningShell();
    client.sendInput(utf8("x"), 0);
    transmitsOf(client);
    client.handleTimeout(200);
    transmitsOf(client);
    for (const at of [300, 400, 500, 599]) client.handleTimeout(at);
    expect(streamDataOf(client)).toEqual([]);
  });

  test("3: leaves a lone line feed a line feed", () => {
    const client = runningShell();
    client.sendInput(utf8("\n"), 1);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual(["\n"]);
  });

  test("4: is not deafened by short frames or a bad HeaderLength", () => {
    const client = runningShell();
    for (const length of [0, 1, 115, 116, 117, 119]) client.receive(output(1, "x").slice(0, length), 1);
    client.receive(deafening(output(1, "x")), 1);
    client.receive(output(1, "heard"), 2);
    expect(clientEvents(client).at(-1)).toMatchObject({ kind: "received", output: utf8("heard") });
    expect(clientEvents(client)).toEqual([]);
  });

  test("5: obeys handshake messages that came early and waited for their turn", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    client.receive(output(2, "$ "), 1);
    client.receive(output(1, handshakeComplete, 7), 1);
    client.receive(output(0, "first", 99), 1);
    expect(client.state).toBe("running");
    const late = openClient();
    late.handleSocketOpen("t", 0);
    late.receive(output(1, "banner"), 1);
    late.receive(output(0, handshakeRequest(), 5), 2);
    expect([late.state, streamDataOf(late).map(({ type }) => type)]).toEqual(["handshaking", [6]]);
    late.receive(output(3, "$ "), 3);
    late.receive(output(2, handshakeComplete, 7), 4);
    const shown = clientEvents(late).flatMap((event) =>
      event.kind === "received" && event.output ? [event.output] : [],
    );
    expect([late.state, shown]).toEqual(["running", [utf8("banner"), utf8("$ ")]]);
  });

  test("6: writes Unsupported where it belongs", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    client.receive(output(0, json({ RequestedClientActions: [{ ActionType: "New" }] }), 5), 1);
    const [action] = JSON.parse(streamDataOf(client)[0]?.body ?? "").ProcessedClientActions;
    expect(action).toMatchObject({ ActionStatus: 3, ActionResult: null });
  });

  test("7: tells exit code text, end and reason apart", () => {
    const client = runningShell();
    client.receive(output(1, "EXIT_CODE: 4", PAYLOAD_TYPE.exitCode), 1);
    client.receive(frame({ messageType: "channel_closed", payload: utf8('{"Output":"reason"}') }), 2);
    expect(clientEvents(client)).toMatchObject([
      { kind: "received", payloadType: PAYLOAD_TYPE.exitCode },
      { kind: "closed", output: "reason" },
    ]);
  });

  test("9: refuses input at the bound instead of throwing the oldest away, and goes on afterwards", () => {
    const client = runningShell();
    while (client.canSend(1)) client.sendInput(utf8("x"), 1);
    expect(() => client.sendInput(utf8("y"), 1)).toThrow("unacknowledged");
    expect(client.exportState().unacknowledged[0]?.sequenceNumber).toBe(0);
    client.receive(acknowledgement(0), 2);
    expect([client.state, client.canSend(1)]).toEqual(["running", true]);
  });

  test("10 and 11: neither silence nor the number of resends ends the session: hours later the key is still sent", () => {
    const client = runningShell();
    client.sendInput(utf8("x"), 0);
    let sends = 0;
    for (let at = client.pollTimeoutMs(); at !== undefined && at < 8 * 3_600_000; at = client.pollTimeoutMs()) {
      client.handleTimeout(at);
      sends += transmitsOf(client).length;
    }
    expect([client.state, clientEvents(client), sends > 3_000]).toEqual(["running", [], true]);
  });

  test("13: acknowledges output from the very first frame on", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    for (const number of [0, 1, 2]) client.receive(output(number, "x"), 1);
    expect(acknowledgedBy(client)).toEqual([0, 1, 2]);
  });

  test("15: fails at once on a handshake message nobody can read, instead of never delivering anything again", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    client.receive(output(0, "{", 5), 1);
    expect(kinds(clientEvents(client))).toContain("failed");
  });
});

describe("the agent, unlike the real agent,", () => {
  test("1: checks the digest", () => {
    const agent = runningAgent();
    agent.receive(input(0, "abc").fill(0x7a, 120), 1);
    expect([agentEvents(agent), transmitsOf(agent)]).toMatchObject([
      [{ kind: "frame_rejected", reason: "digest" }],
      [],
    ]);
  });

  test("2: is not deafened by a bad HeaderLength", () => {
    const agent = runningAgent();
    agent.receive(deafening(input(0, "x")), 1);
    agent.receive(input(0, "heard"), 2);
    expect(agentEvents(agent).at(-1)).toEqual({ kind: "input", bytes: utf8("heard") });
  });

  test("3: is not blocked by a second or late handshake answer", () => {
    const agent = openAgent({ sessionType: "NonInteractiveCommands" });
    agent.handleSocketOpen("t", 0);
    agent.receive(input(0, failing, 6), 1);
    agent.handleReady(1);
    agent.receive(input(1, failing, 6), 2);
    agent.receive(input(2, '{"Challenge":""}', 9), 2);
    agent.receive(input(3, "still heard"), 2);
    expect(acknowledgedBy(agent)).toEqual([0, 1, 2, 3]);
    expect(agentEvents(agent).at(-1)).toEqual({ kind: "input", bytes: utf8("still heard") });
  });

  test("6: (like it) acknowledges and throws away stream data that comes during the handshake", () => {
    const agent = openAgent({ sessionType: "NonInteractiveCommands" });
    agent.handleSocketOpen("t", 0);
    agent.receive(input(0, '{"cols":80,"rows":24}', 3), 1);
    expect(acknowledgedBy(agent)).toEqual([0]);
    expect(kinds(agentEvents(agent))).toEqual(["frame_rejected"]);
  });

  test("7: (like it) does not acknowledge input before the pty exists, and takes it when it comes again", () => {
    const agent = openAgent();
    agent.handleSocketOpen("t", 0);
    agent.receive(input(0, '{"cols":80,"rows":24}', 3), 1);
    agent.receive(input(1, "ls"), 1);
    expect(acknowledgedBy(agent)).toEqual([1]); // early: kept
    agent.handleReady(250);
    agent.receive(input(0, '{"cols":80,"rows":24}', 3), 270);
    expect(acknowledgedBy(agent)).toEqual([0]);
    expect(agentEvents(agent).slice(1)).toEqual([
      { kind: "size", cols: 80, rows: 24 },
      { kind: "input", bytes: utf8("ls") },
    ]);
  });

  test("8: (like it) resends only its oldest message, for as long as it takes, and acknowledges duplicates", () => {
    const agent = runningAgent();
    agent.sendOutput(utf8("a"), 0);
    agent.sendOutput(utf8("b"), 0);
    transmitsOf(agent);
    const numbers = new Set<number>();
    for (let at = agent.pollTimeoutMs(); at !== undefined && at < 600_000; at = agent.pollTimeoutMs()) {
      agent.handleTimeout(at);
      for (const { number } of streamDataOf(agent)) numbers.add(number);
    }
    expect([...numbers]).toEqual([0]);
    for (let copy = 0; copy < 3; copy += 1) agent.receive(input(0, "x"), 700_000);
    expect(acknowledgedBy(agent)).toEqual([0, 0, 0]);
  });

  test("9: passes a genuine U+FFFD on whole", () => {
    const agent = runningAgent();
    agent.sendOutput(utf8("a\ufffd"), 1);
    expect(streamDataOf(agent).map(({ body }) => body)).toEqual(["a\ufffd"]);
  });

  test.each([
    ["a size that is not JSON", "nonsense", 3],
    ["a size of 0 columns", '{"cols":0,"rows":24}', 3],
    ["a size of 65,536 columns", '{"cols":65536,"rows":24}', 3],
    ["a flag of three bytes", "abc", 10],
    ["a payload type nobody knows", "?", 42],
  ])("16: acknowledges, tells and skips %s: the messages behind it are processed", (_name, body, type) => {
    const agent = runningAgent();
    agent.receive(input(0, body, type), 1);
    agent.receive(input(1, "next"), 1);
    expect(acknowledgedBy(agent)).toEqual([0, 1]);
    expect(kinds(agentEvents(agent))).toEqual(["frame_rejected", "input"]);
  });
});
