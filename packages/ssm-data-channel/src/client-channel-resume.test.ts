// The client over lost sockets and restarted processes, and with everything stored first.
import { describe, expect, test } from "vitest";
import {
  acknowledgedBy,
  acknowledgement,
  clientEvents,
  kinds,
  openClient,
  output,
  runningShell,
  streamDataOf,
  transmitsOf,
  utf8,
} from "../test/direct-link.ts";
import { applyToState } from "./client-channel-state.ts";
import { json } from "./payloads.ts";

const HANDSHAKE_REQUEST = json({
  AgentVersion: "3.3.987.0",
  RequestedClientActions: [
    { ActionType: "SessionType", ActionParameters: { SessionType: "Standard_Stream" } },
    { ActionType: "KMSEncryption", ActionParameters: { KMSKeyId: "key", Challenge: "AAEC" } },
  ],
});
const numbers = (client: Parameters<typeof streamDataOf>[0]) => streamDataOf(client).map(({ number }) => number);

describe("a lost socket", () => {
  test("before it ever opened is a dial that failed; the next one may open", () => {
    const client = openClient();
    client.handleSocketLost(0);
    expect(client.state).toBe("connecting");
    client.handleSocketOpen("t", 1);
    expect(client.state).toBe("awaiting_first");
  });

  test("keeps numbers and buffers: what was not acknowledged is sent again after the open message with the new token", () => {
    const client = runningShell();
    client.sendInput(utf8("abc"), 1);
    client.sendInput(utf8("def"), 2);
    transmitsOf(client);
    client.receive(acknowledgement(0), 3);
    client.handleSocketLost(4);
    expect([client.state, client.pollTimeoutMs(), transmitsOf(client)]).toEqual(["resuming", undefined, []]);
    client.handleSocketOpen("new-token", 1_000);
    const [open, ...rest] = transmitsOf(client);
    expect(open?.kind === "text" && JSON.parse(open.text)).toMatchObject({ TokenValue: "new-token" });
    expect([rest.length, client.state]).toEqual([1, "running"]);
    client.receive(output(1, "next"), 1_001);
    expect(clientEvents(client).filter(({ kind }) => kind === "received")).toHaveLength(1);
  });

  test("lets a person go on typing: the keys wait, and leave in order", () => {
    const client = runningShell();
    client.handleSocketLost(1);
    client.sendInput(utf8("a"), 2);
    client.sendInput(utf8("b"), 3);
    client.handleSocketOpen("t", 10);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual(["a", "b"]);
  });

  test("keeps the size that was wanted meanwhile, the last one only", () => {
    const client = runningShell();
    client.handleSocketLost(1);
    client.resize(80, 24, 2);
    client.resize(90, 30, 3);
    client.handleSocketOpen("t", 10);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual(['{"cols":90,"rows":30}']);
  });

  test("in the handshake goes on there, with its time anew, and answers no question twice", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    client.receive(output(0, HANDSHAKE_REQUEST, 5), 0);
    client.handleSocketLost(1);
    client.handleDataKey({ plaintext: new Uint8Array(64), ciphertextBlob: utf8("blob") }, 2);
    client.handleSocketOpen("u", 60_000);
    expect([client.state, client.pollTimeoutMs()]).toEqual(["handshaking", 60_200]);
    client.receive(output(0, HANDSHAKE_REQUEST, 5), 60_001);
    expect(streamDataOf(client).map(({ type }) => type)).toEqual([6]);
    client.handleTimeout(89_999);
    expect(client.state).toBe("handshaking");
  });

  test("that nobody reported is noticed when the next one opens", () => {
    const client = runningShell();
    client.sendInput(utf8("a"), 1);
    client.handleSocketOpen("t", 10);
    expect([client.state, numbers(client)]).toEqual(["running", [0]]);
  });

  test("takes with it what came over the old one: frames while no socket is open are not heard", () => {
    const client = runningShell();
    client.handleSocketLost(1);
    client.receive(output(1, "ghost"), 2);
    expect(clientEvents(client)).toEqual([]);
  });
});

describe("stored first", () => {
  test("a message of ours is told, and leaves when it is stored", () => {
    const client = runningShell({ storeFirst: true });
    client.sendInput(utf8("ls"), 1);
    expect([clientEvents(client), transmitsOf(client)]).toEqual([
      [{ kind: "sent", sequenceNumber: 0, payloadType: 1, payload: utf8("ls") }],
      [],
    ]);
    client.handleSentStored(0, 2);
    expect(numbers(client)).toEqual([0]);
  });

  test("so is every other numbered message: sizes, flags, answers in the handshake", () => {
    const client = runningShell({ storeFirst: true });
    client.resize(80, 24, 1);
    client.sendFlag(1, 1);
    const asked = openClient({ storeFirst: true });
    asked.handleSocketOpen("t", 0);
    asked.receive(output(0, HANDSHAKE_REQUEST, 5), 0);
    asked.handleDataKey({ plaintext: new Uint8Array(64), ciphertextBlob: utf8("blob") }, 0);
    const told = [client, asked].map((channel) =>
      clientEvents(channel).flatMap((event) => (event.kind === "sent" ? [event.payloadType] : [])),
    );
    expect(told).toEqual([[3, 10], [6]]);
    expect([numbers(client), numbers(asked)]).toEqual([[], []]);
  });

  test("what cannot be stored is taken back with all after it: nothing leaves, and the numbers are used anew", () => {
    const client = runningShell({ storeFirst: true });
    client.sendInput(utf8("stored"), 1);
    client.sendInput(utf8("not stored"), 1);
    client.sendInput(utf8("behind it"), 1);
    clientEvents(client);
    client.handleSentStored(0, 1);
    client.takeBackFrom(1, 1);
    expect(client.unacknowledged).toMatchObject({ messages: 1, bytes: 6 });
    expect(client.sendInput(utf8("anew"), 2)).toEqual({ first: 1, last: 1 });
    client.handleSentStored(1, 2);
    expect(streamDataOf(client).map(({ number, body }) => [number, body])).toEqual([
      [0, "stored"],
      [1, "anew"],
    ]);
  });

  test("a size that was taken back is sent again by itself, also one that was never told to the host", () => {
    const client = runningShell({ storeFirst: true });
    client.sendInput(utf8("x"), 1);
    client.resize(132, 43, 200);
    client.takeBackFrom(0, 201); // neither event was polled
    client.handleTimeout(client.pollTimeoutMs() ?? 0);
    const events = clientEvents(client).flatMap((event) => (event.kind === "sent" ? [event] : []));
    expect(events.map(({ sequenceNumber, payloadType }) => [sequenceNumber, payloadType])).toEqual([[0, 3]]);
    client.handleSentStored(0, 400);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual(['{"cols":132,"rows":43}']);
  });

  test("what is stored, or unknown, cannot be taken back", () => {
    const client = runningShell({ storeFirst: true });
    client.sendInput(utf8("x"), 1);
    client.handleSentStored(0, 1);
    client.takeBackFrom(0, 2);
    client.takeBackFrom(7, 2);
    expect(numbers(client)).toEqual([0]);
  });

  test("the agent's messages are acknowledged when stored, also if that was while the socket was lost", () => {
    const client = runningShell({ storeFirst: true });
    client.receive(output(1, "a"), 1);
    client.receive(output(3, "c"), 1);
    expect(kinds(clientEvents(client))).toEqual(["received", "early"]);
    expect(acknowledgedBy(client)).toEqual([]);
    client.handleReceivedStored(3, 2);
    expect(acknowledgedBy(client)).toEqual([3]);
    client.handleSocketLost(3);
    client.handleReceivedStored(1, 4);
    expect(acknowledgedBy(client)).toEqual([]);
    client.handleSocketOpen("t", 5);
    expect(acknowledgedBy(client)).toEqual([1]);
  });
});

describe("a new process", () => {
  test("goes on under the same numbers, and knows what was seen", () => {
    const first = runningShell();
    first.resize(80, 24, 1);
    first.sendInput(utf8("ls"), 2);
    first.receive(output(1, "out"), 3);
    first.receive(output(3, "early"), 3);
    clientEvents(first);
    const second = openClient({ resumeFrom: first.exportState() });
    expect(second.state).toBe("resuming");
    second.handleSocketOpen("t", 100);
    expect(second.state).toBe("running");
    expect(streamDataOf(second).map(({ type }) => type)).toEqual([3, 1]);
    second.resize(80, 24, 101); // the agent knows it
    second.receive(output(1, "out"), 101);
    second.receive(output(2, "gap"), 101);
    expect(clientEvents(second).map((event) => event.kind === "received" && event.sequenceNumber)).toEqual([2, 3]);
    expect(acknowledgedBy(second)).toEqual([1, 2]);
    expect(second.sendInput(utf8("x"), 102)).toEqual({ first: 2, last: 2 });
  });

  test("of an encrypted session has its key again; one that was waiting for a key asks once more", () => {
    const first = openClient();
    first.handleSocketOpen("t", 0);
    first.receive(output(0, HANDSHAKE_REQUEST, 5), 0);
    clientEvents(first);
    const waiting = openClient({ resumeFrom: first.exportState() });
    expect(kinds(clientEvents(waiting))).toEqual(["data_key_wanted"]);
    first.handleDataKey({ plaintext: new Uint8Array(64).fill(5), ciphertextBlob: utf8("blob") }, 1);
    const keyed = openClient({ resumeFrom: first.exportState() });
    expect(clientEvents(keyed)).toEqual([]);
    keyed.handleSocketOpen("t", 2);
    expect([keyed.state, streamDataOf(keyed).map(({ type }) => type)]).toEqual(["handshaking", [6]]);
    expect(keyed.exportState().dataKey).toEqual(new Uint8Array(64).fill(5));
  });

  test("is not harmed by early frames on the disk that are damaged", () => {
    const state = runningShell().exportState();
    const damaged = { ...state, early: [{ sequenceNumber: 1, frame: new Uint8Array(50) }] };
    const client = openClient({ resumeFrom: damaged });
    client.handleSocketOpen("t", 1);
    client.receive(output(1, "whole"), 2);
    expect(kinds(clientEvents(client))).toEqual(["received"]);
  });

  test("starts from an export and the records stored since", () => {
    const first = runningShell({ storeFirst: true });
    const base = first.exportState();
    const state = applyToState(base, [
      { kind: "sent", sequenceNumber: 0, payloadType: 3, payload: utf8('{"cols":80,"rows":24}') },
      { kind: "sent", sequenceNumber: 1, payloadType: 1, payload: utf8("ls") },
      { kind: "acknowledged", sequenceNumber: 0 },
      { kind: "received", sequenceNumber: 1, payloadType: 1 },
      { kind: "early", sequenceNumber: 1, frame: output(1, "old") },
      { kind: "early", sequenceNumber: 4, frame: output(4, "early") },
      { kind: "hole", toSequenceNumber: 2 },
    ]);
    expect(state).toMatchObject({ nextIncomingNumber: 3, nextOutgoingNumber: 2, size: { cols: 80, rows: 24 } });
    expect(state.unacknowledged.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1]);
    expect(state.early.map(({ sequenceNumber }) => sequenceNumber)).toEqual([4]);
    expect(base.nextOutgoingNumber).toBe(0);
    expect(applyToState(state, [{ kind: "sent", sequenceNumber: 0, payloadType: 3, payload: utf8("{}") }])).toEqual(
      state,
    );
  });

  test("that has only records knows that the first output started the shell", () => {
    const base = openClient().exportState();
    expect(applyToState(base, [{ kind: "received", sequenceNumber: 0, payloadType: 1 }]).progress).toBe("running");
    expect(applyToState(base, [{ kind: "received", sequenceNumber: 0, payloadType: 5 }]).progress).toBe("before_first");
  });
});
