import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectorPayload } from "../test/vectors/vectors.ts";
import { readUsualAcknowledge } from "./acknowledge-reader.ts";
import { ChannelError } from "./channel-error.ts";
import {
  buildAcknowledge,
  buildAgentSessionState,
  buildChannelClosed,
  buildExitCode,
  buildFlag,
  buildSize,
  FLAG,
  readAcknowledge,
  readAgentSessionState,
  readChannelClosed,
  readExitCode,
  readFlag,
  readSize,
} from "./payloads.ts";

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const parsed = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());
const ID = "d153ec1b-09ca-46f4-a5ff-93e1ecf2b1c2";

describe("acknowledge", () => {
  test.each(["mt-ack", "mt-ack-big"])("%s of the real ends is read, and built with the same bytes", (id) => {
    const acknowledge = readAcknowledge(vectorPayload(id));
    expect(acknowledge && buildAcknowledge(acknowledge)).toEqual(vectorPayload(id));
  });

  test("is read the same in the usual spelling as in any other", () => {
    const types = fc.constantFrom("output_stream_data", "input_stream_data");
    fc.assert(
      fc.property(types, fc.uuid(), fc.nat({ max: 999_999_999_999_999 }), (messageType, messageId, sequenceNumber) => {
        const acknowledge = { messageType, messageId, sequenceNumber };
        const usual = buildAcknowledge(acknowledge);
        expect(readUsualAcknowledge(usual)).toEqual(acknowledge);
        expect(
          readAcknowledge(utf8(JSON.stringify(parsed(usual), null, 1).toUpperCase().replace("TRUE", "true"))),
        ).toMatchObject({
          sequenceNumber,
        });
      }),
    );
  });

  test("with any byte changed is read as JSON, never as what it looks like", () => {
    const usual = buildAcknowledge({ messageType: "output_stream_data", messageId: ID, sequenceNumber: 10 });
    fc.assert(
      fc.property(fc.nat({ max: usual.length - 1 }), fc.nat({ max: 127 }), (offset, byte) => {
        const changed = usual.slice();
        changed[offset] = byte;
        let json: Record<string, unknown> | undefined;
        try {
          json = parsed(changed) as Record<string, unknown>;
        } catch {
          json = undefined;
        }
        const quick = readUsualAcknowledge(changed);
        if (quick)
          expect(json).toEqual({
            AcknowledgedMessageType: quick.messageType,
            AcknowledgedMessageId: quick.messageId,
            AcknowledgedMessageSequenceNumber: quick.sequenceNumber,
            IsSequentialMessage: true,
          });
        if (json === undefined) expect(readAcknowledge(changed)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["01", "00", "-1", "1e3", "1.0", "", "1000000000000000"])(
    "with the number %j has not the usual spelling",
    (number) => {
      const usual = Buffer.from(
        buildAcknowledge({ messageType: "output_stream_data", messageId: ID, sequenceNumber: 7 }),
      ).toString();
      expect(readUsualAcknowledge(utf8(usual.replace('Number":7', `Number":${number}`)))).toBeUndefined();
    },
  );

  test("of which only the number is there is enough, in lower case too", () => {
    expect(readAcknowledge(utf8('{"acknowledgedMessageSequenceNumber":3}'))).toEqual({
      messageType: "",
      messageId: "",
      sequenceNumber: 3,
    });
  });

  test("of a number beyond what JavaScript counts is read, as a number that nobody has sent", () => {
    const payload = utf8('{"AcknowledgedMessageSequenceNumber":9223372036854775807}');
    expect(Number.isSafeInteger(readAcknowledge(payload)?.sequenceNumber)).toBe(false);
  });

  test.each(['{"AcknowledgedMessageSequenceNumber":"3"}', '{"AcknowledgedMessageSequenceNumber":1.5}', "[]", "x", ""])(
    "%j is none",
    (text) => {
      expect(readAcknowledge(utf8(text))).toBeUndefined();
    },
  );

  test("of an unsafe number cannot be built", () => {
    expect(() => buildAcknowledge({ messageType: "", messageId: ID, sequenceNumber: 2 ** 53 })).toThrow(ChannelError);
  });
});

describe("channel_closed", () => {
  test.each(["mt-channel-closed", "mt-channel-closed-empty", "hl112-channel-closed"])("%s is read and built", (id) => {
    const closed = readChannelClosed(vectorPayload(id));
    expect(closed?.sessionId).toBe("alice-0a1b2c3d4e5f60718");
    expect(closed && parsed(buildChannelClosed(closed))).toEqual(parsed(vectorPayload(id)));
  });

  test("gives its text although other fields are of the wrong kind: the session ends anyway", () => {
    const payload = utf8('{"SchemaVersion":"1","CreatedDate":1729000000000,"SessionId":7,"Output":"idle"}');
    expect(readChannelClosed(payload)).toEqual({
      messageId: "",
      destinationId: "",
      sessionId: "",
      createdDateMs: 0,
      output: "idle",
    });
  });

  test("that is not JSON is undefined", () => {
    expect(readChannelClosed(utf8("channel_closed"))).toBeUndefined();
  });
});

describe("agent_session_state", () => {
  test("is read and built as the real agent writes it", () => {
    const state = readAgentSessionState(vectorPayload("mt-agent-session-state"));
    expect(state).toEqual({ sessionState: "Connected", sessionId: "alice-0a1b2c3d4e5f60718" });
    expect(state && parsed(buildAgentSessionState(state))).toEqual(parsed(vectorPayload("mt-agent-session-state")));
  });
});

describe("terminal size", () => {
  test("is read and built with the bytes of the real client", () => {
    expect(readSize(vectorPayload("pt3-size"))).toEqual({ cols: 120, rows: 40 });
    expect(buildSize({ cols: 120, rows: 40 })).toEqual(vectorPayload("pt3-size"));
  });

  test.each([
    [0, 40],
    [120, 0],
    [65_536, 40],
    [120, -1],
    [1.5, 40],
    [Number.NaN, 40],
  ])("%d x %d cannot be sent", (cols, rows) => {
    expect(() => buildSize({ cols, rows })).toThrow(ChannelError);
  });

  test("1 x 65535 can be sent", () => {
    expect(readSize(buildSize({ cols: 1, rows: 65_535 }))).toEqual({ cols: 1, rows: 65_535 });
  });

  test("from a peer may be any unsigned number, and nothing else", () => {
    expect(readSize(utf8('{"Cols":4294967295}'))).toEqual({ cols: 4_294_967_295, rows: 0 });
    for (const text of ['{"cols":-1}', '{"cols":4294967296}', '{"cols":"80"}', "80x24", ""])
      expect(readSize(utf8(text))).toBeUndefined();
  });
});

describe("flag", () => {
  test.each([
    ["pt10-flag-disconnect-to-port", FLAG.disconnectToPort],
    ["pt10-flag-terminate-session", FLAG.terminateSession],
    ["pt10-flag-connect-to-port-error", FLAG.connectToPortError],
  ])("%s is %d", (id, flag) => {
    expect(readFlag(vectorPayload(id))).toBe(flag);
    expect(buildFlag(flag)).toEqual(vectorPayload(id));
  });

  test("is unsigned, and needs four bytes", () => {
    expect(readFlag(buildFlag(0xffff_ffff))).toBe(0xffff_ffff);
    expect(readFlag(Uint8Array.of(0, 0, 1))).toBeUndefined();
    expect(readFlag(Uint8Array.of(0, 0, 0, 2, 9))).toBe(2);
    for (const flag of [-1, 2 ** 32, 0.5]) expect(() => buildFlag(flag)).toThrow(ChannelError);
  });
});

describe("exit code", () => {
  test("is text, as the real agent writes it", () => {
    expect(readExitCode(vectorPayload("pt12-exit-code"))).toBe(42);
    expect(buildExitCode(42)).toEqual(vectorPayload("pt12-exit-code"));
  });

  test("may be negative, may end in a line break, and is undefined for any other text", () => {
    expect(readExitCode(buildExitCode(-1))).toBe(-1);
    expect(readExitCode(utf8("EXIT_CODE: 0\r\n"))).toBe(0);
    for (const text of ["", "0", "EXIT_CODE: ", "EXIT_CODE: x", "exit_code: 1", `EXIT_CODE: ${"1".repeat(100)}`])
      expect(readExitCode(utf8(text))).toBeUndefined();
    expect(() => buildExitCode(0.5)).toThrow(ChannelError);
  });
});

test("no reader throws, whatever the bytes", () => {
  const readers = [readAcknowledge, readAgentSessionState, readChannelClosed, readExitCode, readFlag, readSize];
  const payloads = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.json({ maxDepth: 3 }).map(utf8),
    fc
      .dictionary(fc.constantFrom("cols", "Output", "output", "SessionId"), fc.jsonValue())
      .map((value) => utf8(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...readers), payloads, (read, payload) => {
      read(payload);
    }),
    { numRuns: 1000 },
  );
});
