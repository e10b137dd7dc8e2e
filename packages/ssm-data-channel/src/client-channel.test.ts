// What a client's channel does in a session, frame by frame. Handshake and encryption: client-channel-handshake.test.ts;
// sockets and restarts: client-channel-resume.test.ts; the list of quirks: test/quirks.test.ts.
import { describe, expect, test } from "vitest";
import {
  acknowledgedBy,
  acknowledgement,
  clientEvents,
  frame,
  kinds,
  messagesOf,
  openClient,
  output,
  runningShell,
  streamDataOf,
  text,
  transmitsOf,
  utf8,
} from "../test/direct-link.ts";
import { ChannelError } from "./channel-error.ts";
import { UNACKNOWLEDGED_INPUT_BYTES_MAX, UNACKNOWLEDGED_INPUT_MESSAGES_MAX } from "./client-channel.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { buildChannelClosed, FLAG, PAYLOAD_TYPE } from "./payloads.ts";

const closedFrame = (outputText: string) =>
  frame({
    messageType: MESSAGE_TYPE.channelClosed,
    payload: buildChannelClosed({
      messageId: "",
      destinationId: "",
      sessionId: "",
      createdDateMs: 1,
      output: outputText,
    }),
  });

describe("opening", () => {
  test("the open message is text, comes first, and carries the token and who we are", () => {
    const client = openClient();
    expect(client.state).toBe("idle");
    client.handleSocketOpen("the-token", 1_000);
    const [open, ...rest] = transmitsOf(client);
    expect(rest).toEqual([]);
    expect(open?.kind).toBe("text");
    expect(JSON.parse(open?.kind === "text" ? open.text : "")).toEqual({
      MessageSchemaVersion: "1.0",
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      TokenValue: "the-token",
      ClientId: "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b",
      ClientVersion: "1.2.650.0",
    });
    expect(client.state).toBe("awaiting_first");
  });

  test("before the first output no input and no size is sent, however long it takes", () => {
    const client = openClient();
    client.resize(80, 24, 0);
    client.handleSocketOpen("t", 0);
    transmitsOf(client);
    client.handleTimeout(3_600_000);
    expect([transmitsOf(client), client.pollTimeoutMs(), client.canSend(1)]).toEqual([[], undefined, false]);
    expect(() => client.sendInput(utf8("x"), 0)).toThrowError(expect.objectContaining({ code: "CHANNEL_NOT_RUNNING" }));
    expect(() => client.sendFlag(FLAG.terminateSession, 0)).toThrowError(ChannelError);
  });

  test.each([1, 2, 11, 12, 99])(
    "a first message of type %i is output: it is shown, acknowledged, and the shell runs",
    (type) => {
      const client = openClient();
      client.resize(80, 24, 0);
      client.handleSocketOpen("t", 0);
      client.receive(output(0, "$ ", type), 1);
      expect(clientEvents(client)).toEqual([
        { kind: "received", sequenceNumber: 0, payloadType: type, output: expect.anything() },
        { kind: "running", sessionType: undefined, agentVersion: undefined, customerMessage: "", encrypted: false },
      ]);
      const [, acknowledged, size] = transmitsOf(client);
      expect([acknowledged?.kind, size?.kind]).toEqual(["binary", "binary"]);
      expect(client.state).toBe("running");
    },
  );

  test("start_publication may be the very first message, in the service's short form or ours", () => {
    const client = openClient();
    client.handleSocketOpen("t", 0);
    client.receive(frame({ messageType: MESSAGE_TYPE.startPublication }), 1);
    client.receive(frame({ messageType: MESSAGE_TYPE.pausePublication }), 2);
    expect(clientEvents(client)).toEqual([
      { kind: "publication", paused: false },
      { kind: "publication", paused: true },
    ]);
    expect(client.state).toBe("awaiting_first");
  });
});

describe("input", () => {
  test("keys leave at once under the next numbers, split at 1024 bytes", () => {
    const client = runningShell();
    expect(client.sendInput(new Uint8Array(2_500).fill(0x61), 10)).toEqual({ first: 0, last: 2 });
    expect(streamDataOf(client).map(({ number, type, body }) => [number, type, body.length])).toEqual([
      [0, 1, 1_024],
      [1, 1, 1_024],
      [2, 1, 452],
    ]);
  });

  test("nothing typed sends nothing and uses no number", () => {
    const client = runningShell();
    expect(client.sendInput(new Uint8Array(0), 10)).toEqual({ first: 0, last: -1 });
    expect(transmitsOf(client)).toEqual([]);
  });

  test("the bytes are taken as they are at the call", () => {
    const client = runningShell();
    const keys = utf8("ls\r");
    client.sendInput(keys, 10);
    keys.fill(0);
    expect(streamDataOf(client)[0]?.body).toBe("ls\r");
  });

  test("an acknowledgement is told with its round trip, once", () => {
    const client = runningShell();
    client.sendInput(utf8("x"), 100);
    client.receive(acknowledgement(0), 142);
    client.receive(acknowledgement(0), 150);
    expect(clientEvents(client)).toEqual([
      { kind: "input_acknowledged", sequenceNumber: 0, payloadType: 1, roundTripMs: 42 },
    ]);
    expect(client.unacknowledged).toEqual({ messages: 0, bytes: 0, oldestSentAtMs: undefined });
  });

  test("unacknowledged input says since when, so that the person can be told; it never ends the session", () => {
    const client = runningShell();
    client.sendInput(utf8("abc"), 100);
    for (let at = client.pollTimeoutMs(); at !== undefined && at < 600_000; at = client.pollTimeoutMs()) {
      client.handleTimeout(at);
      transmitsOf(client);
    }
    expect(client.unacknowledged).toEqual({ messages: 1, bytes: 3, oldestSentAtMs: 100 });
    expect([client.state, clientEvents(client)]).toEqual(["running", []]);
  });

  test("at 10,000 unacknowledged messages more is refused as a whole, nothing is thrown away, and an acknowledgement makes room", () => {
    const client = runningShell();
    for (let key = 0; key < UNACKNOWLEDGED_INPUT_MESSAGES_MAX; key += 1) client.sendInput(utf8("x"), 10);
    expect(client.canSend(1)).toBe(false);
    expect(() => client.sendInput(utf8("x"), 10)).toThrowError(
      expect.objectContaining({ code: "CHANNEL_SEND_BUFFER_FULL" }),
    );
    client.resize(90, 30, 11); // waits for room, too
    expect(client.unacknowledged.messages).toBe(UNACKNOWLEDGED_INPUT_MESSAGES_MAX);
    client.receive(acknowledgement(0), 12);
    client.receive(acknowledgement(1), 12);
    expect(client.canSend(1)).toBe(true);
    expect(client.exportState().unacknowledged.at(-1)?.payloadType).toBe(PAYLOAD_TYPE.size);
  });

  test("with the buffer full, a waiting size does not ask for a timer that can do nothing", () => {
    const client = runningShell();
    for (let key = 0; key < UNACKNOWLEDGED_INPUT_MESSAGES_MAX; key += 1) client.sendInput(utf8("x"), 10);
    client.resize(90, 30, 10);
    expect(client.pollTimeoutMs()).toBeGreaterThan(10);
  });

  test("at 1 MiB of unacknowledged bytes more is refused, also when it is one piece", () => {
    const client = runningShell();
    expect(client.canSend(UNACKNOWLEDGED_INPUT_BYTES_MAX + 1)).toBe(false);
    client.sendInput(new Uint8Array(UNACKNOWLEDGED_INPUT_BYTES_MAX), 10);
    expect(client.canSend(1)).toBe(false);
    expect(() => client.sendInput(utf8("x"), 10)).toThrowError(ChannelError);
    expect(client.unacknowledged.bytes).toBe(UNACKNOWLEDGED_INPUT_BYTES_MAX);
  });

  test("a flag is four bytes under the next number", () => {
    const client = runningShell();
    client.sendFlag(FLAG.terminateSession, 10);
    expect(messagesOf(client).map(({ payloadType, payload }) => [payloadType, [...payload]])).toEqual([
      [10, [0, 0, 0, 2]],
    ]);
  });

  test("acknowledgements go before input, and are not counted against the send rate", () => {
    const client = runningShell();
    client.sendInput(new Uint8Array(900 * 1_024), 10);
    for (let number = 1; number <= 200; number += 1) client.receive(output(number, "x"), 10);
    const order = messagesOf(client).map(({ messageType }) => messageType);
    expect(order.slice(0, 200).every((type) => type === MESSAGE_TYPE.acknowledge)).toBe(true);
    expect(order.slice(200).every((type) => type === MESSAGE_TYPE.inputStreamData)).toBe(true);
  });
});

describe("terminal size", () => {
  test("the first one is resent until the agent, whose pty may be late, acknowledges it", () => {
    const client = openClient();
    client.resize(120, 40, 0);
    client.handleSocketOpen("t", 0);
    client.receive(output(0, "$ "), 0);
    const size = { number: 0, type: 3, body: '{"cols":120,"rows":40}' };
    expect(streamDataOf(client)).toEqual([size]);
    client.handleTimeout(client.pollTimeoutMs() ?? 0);
    expect(streamDataOf(client)).toEqual([size]);
    client.receive(acknowledgement(0), 300);
    expect(client.pollTimeoutMs()).toBeUndefined();
  });

  test("while a window is dragged one size goes every 100 ms, and the last one for certain", () => {
    const client = runningShell();
    const widths: number[] = [];
    for (let step = 0; step <= 35; step += 1) {
      if (step <= 25) client.resize(80 + step, 24, 1_000 + step * 10);
      client.handleTimeout(1_000 + step * 10);
      for (const { number, body } of streamDataOf(client)) {
        widths.push(JSON.parse(body).cols);
        client.receive(acknowledgement(number), 1_000 + step * 10);
      }
    }
    expect(widths).toEqual([80, 90, 100, 105]);
  });

  test.each([
    [0, 24],
    [80, 0],
    [65_536, 24],
    [80.5, 24],
    [Number.NaN, 24],
    [-1, 24],
  ])("%i x %i is refused at any time", (cols, rows) => {
    expect(() => openClient().resize(cols, rows, 0)).toThrowError(ChannelError);
    expect(() => runningShell().resize(cols, rows, 0)).toThrowError(ChannelError);
  });

  test("1 x 1 and 65535 x 65535 are sizes", () => {
    const client = runningShell();
    client.resize(1, 1, 1_000);
    client.resize(65_535, 65_535, 1_100);
    expect(streamDataOf(client).map(({ body }) => body)).toEqual([
      '{"cols":1,"rows":1}',
      '{"cols":65535,"rows":65535}',
    ]);
  });
});

describe("output", () => {
  test("types 1, 2, 11, 12 and unknown ones are shown as bytes; the agent's flag is told, not shown", () => {
    const client = runningShell();
    for (const [index, type] of [1, 2, 11, 12, 77].entries()) client.receive(output(index + 1, "é", type), 1);
    client.receive(output(6, Uint8Array.of(0, 0, 0, 3), PAYLOAD_TYPE.flag), 1);
    const events = clientEvents(client).flatMap((event) => (event.kind === "received" ? [event] : []));
    expect(events.slice(0, 5).map((event) => event.output && text(event.output))).toEqual(["é", "é", "é", "é", "é"]);
    expect(events[5]).toEqual({
      kind: "received",
      sequenceNumber: 6,
      payloadType: 10,
      output: undefined,
      flag: FLAG.connectToPortError,
    });
  });

  test("the exit code is the text EXIT_CODE: n of a message of type 12", () => {
    const client = runningShell();
    client.receive(output(1, "EXIT_CODE: 3", PAYLOAD_TYPE.exitCode), 1);
    expect(clientEvents(client)).toEqual([
      { kind: "received", sequenceNumber: 1, payloadType: 12, output: utf8("EXIT_CODE: 3") },
    ]);
  });

  test("a frame that came as text is handled like a binary one", () => {
    const client = runningShell();
    client.receive(text(frame({ messageType: MESSAGE_TYPE.pausePublication, createdDate: 1, messageId: NIL })), 1);
    expect(clientEvents(client)).toEqual([{ kind: "publication", paused: true }]);
  });
});

/** ASCII only, and the digest of a publication is not checked: its bytes survive being text. */
const NIL = "00000000-0000-0000-0000-000000000000";

describe("what is not ours to obey", () => {
  test.each([
    ["short", new Uint8Array(115)],
    ["header-length", new Uint8Array(200)],
    ["digest", (() => output(1, "abc").fill(0x7a, 120))()],
  ])("a frame that is rejected for its %s is told, not acknowledged, and changes nothing", (reason, bytes) => {
    const client = runningShell();
    client.receive(bytes, 1);
    expect(clientEvents(client)).toEqual([
      { kind: "frame_rejected", reason, messageType: expect.any(String), length: bytes.length },
    ]);
    expect(transmitsOf(client)).toEqual([]);
    client.receive(output(1, "abc"), 2);
    expect(acknowledgedBy(client)).toEqual([1]);
  });

  test("sequence numbers beyond 2^53 are rejected; negative ones were seen before", () => {
    const client = runningShell();
    client.receive(output(2n ** 53n, "far"), 1);
    client.receive(output(2n ** 63n - 1n, "farther"), 1);
    client.receive(output(-1n, "past"), 1);
    client.receive(output(-(2n ** 63n), "distant past"), 1);
    expect(kinds(clientEvents(client))).toEqual(["frame_rejected", "frame_rejected"]);
    expect(transmitsOf(client)).toEqual([]);
  });

  test.each([
    ["input_stream_data", []],
    ["agent_session_state", []],
    ["agent_job", ["frame_rejected"]],
    ["tomorrow", ["frame_rejected"]],
  ])("%s is ignored, and told when nobody on a data channel sends it: %j", (messageType, events) => {
    const client = runningShell();
    client.receive(frame({ messageType, payloadType: 1, sequenceNumber: 1 }), 1);
    expect([kinds(clientEvents(client)), transmitsOf(client)]).toEqual([events, []]);
  });

  test("an acknowledgement that cannot be read, or names what was never sent, is harmless", () => {
    const client = runningShell();
    client.sendInput(utf8("x"), 1);
    for (const payload of ["no json", "[]", '{"AcknowledgedMessageSequenceNumber":"0"}'])
      client.receive(frame({ messageType: MESSAGE_TYPE.acknowledge, payload: utf8(payload) }), 2);
    for (const number of [1, -1, Number.MAX_SAFE_INTEGER]) client.receive(acknowledgement(number), 2);
    expect(client.unacknowledged.messages).toBe(1);
  });
});

describe("the end", () => {
  test("channel_closed ends the session with its text, after all output that came before it", () => {
    const client = runningShell();
    client.receive(output(1, "bye"), 1);
    client.receive(closedFrame("Your session timed out."), 2);
    expect(kinds(clientEvents(client))).toEqual(["received", "closed"]);
    expect(client.state).toBe("closed");
  });

  test("output that waits behind a gap is shown before the end, and the gap is said", () => {
    const client = runningShell();
    client.receive(output(3, "last words"), 1);
    client.receive(closedFrame(""), 2);
    expect(clientEvents(client).slice(1)).toEqual([
      { kind: "hole", fromSequenceNumber: 1, toSequenceNumber: 2 },
      { kind: "received", sequenceNumber: 3, payloadType: 1, output: utf8("last words") },
      { kind: "closed", output: "" },
    ]);
  });

  test.each(["not json", "[1]", "null", '{"output":"in lower case"}'])("a body of %s ends it, too", (body) => {
    const client = runningShell();
    client.receive(frame({ messageType: MESSAGE_TYPE.channelClosed, payload: utf8(body) }), 2);
    expect(clientEvents(client)).toEqual([{ kind: "closed", output: body.includes("lower") ? "in lower case" : "" }]);
  });

  test("an ended channel takes everything and does nothing", () => {
    const client = runningShell();
    client.sendInput(utf8("x"), 1);
    client.receive(closedFrame(""), 2);
    clientEvents(client);
    client.receive(output(1, "late"), 3);
    client.handleSocketLost(3);
    client.handleSocketOpen("again", 4);
    client.handleTimeout(1_000_000);
    client.handleReceivedStored(1, 5);
    client.handleSentStored(0, 5);
    client.handleDataKeyFailed("late", 5);
    client.resize(80, 24, 5);
    expect([transmitsOf(client), clientEvents(client), client.pollTimeoutMs()]).toEqual([[], [], undefined]);
    expect(client.canSend(1)).toBe(false);
    expect(() => client.sendInput(utf8("x"), 6)).toThrowError(expect.objectContaining({ code: "CHANNEL_NOT_RUNNING" }));
  });
});

test("a clock that is set back by an hour stops neither resends nor timers", () => {
  const client = runningShell();
  client.sendInput(utf8("x"), 3_600_000);
  streamDataOf(client);
  client.handleTimeout(0);
  expect(client.pollTimeoutMs()).toBe(200);
  client.handleTimeout(200);
  expect(streamDataOf(client)).toHaveLength(1);
});

test("frames carry a date above zero, also where the host's clock begins at zero", () => {
  const dates = [openClient(), openClient({ epochOffsetMs: 1_729_000_000_000 })].map((client) => {
    client.handleSocketOpen("t", 0);
    client.receive(output(0, "$ "), 0);
    return messagesOf(client)[0]?.createdDate;
  });
  expect(dates).toEqual([1n, 1_729_000_000_000n]);
});
