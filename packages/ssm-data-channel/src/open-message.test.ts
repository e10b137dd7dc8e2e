import { describe, expect, test } from "vitest";
import {
  buildAgentControlOpenMessage,
  buildAgentOpenMessage,
  buildClientOpenMessage,
  readOpenMessage,
} from "./open-message.ts";

const requestId = "01020304-0506-4708-890a-0b0c0d0e0f10";
const clientId = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
const NOTHING_ELSE = { clientId: "", clientVersion: "", clientInstanceId: "", agentVersion: "", platformType: "" };

describe("the first message of", () => {
  test("a client names token, client and version", () => {
    const text = buildClientOpenMessage({ requestId, tokenValue: "secret", clientId, clientVersion: "1.2.650.0" });
    expect(text).toBe(
      `{"MessageSchemaVersion":"1.0","RequestId":"${requestId}","TokenValue":"secret","ClientId":"${clientId}","ClientVersion":"1.2.650.0"}`,
    );
  });

  test("an agent on a data channel names its instance and an empty client", () => {
    const text = buildAgentOpenMessage({ requestId, tokenValue: "secret", clientInstanceId: "i-0123456789abcdef0" });
    expect(text).toBe(
      `{"MessageSchemaVersion":"1.0","RequestId":"${requestId}","TokenValue":"secret","ClientInstanceId":"i-0123456789abcdef0","ClientId":""}`,
    );
  });

  test("an agent on its control channel names version and platform", () => {
    const text = buildAgentControlOpenMessage({
      requestId,
      tokenValue: "secret",
      agentVersion: "3.3.987.0",
      platformType: "linux",
    });
    expect(text).toBe(
      `{"Cookie":null,"MessageSchemaVersion":"1.0","RequestId":"${requestId}","TokenValue":"secret","AgentVersion":"3.3.987.0","PlatformType":"linux"}`,
    );
  });
});

describe("a service reads an open message", () => {
  test("of an old client without id and version, as text and as bytes, in any case", () => {
    const text = `{"messageSchemaVersion":"1.0","requestId":"${requestId}","tokenValue":"t"}`;
    const open = { messageSchemaVersion: "1.0", requestId, tokenValue: "t", ...NOTHING_ELSE };
    expect(readOpenMessage(text)).toEqual(open);
    expect(readOpenMessage(Buffer.from(text))).toEqual(open);
  });

  test("as it was built", () => {
    const open = { requestId, tokenValue: 'é "}', clientId, clientVersion: "1.2.650.0" };
    expect(readOpenMessage(buildClientOpenMessage(open))).toEqual({
      messageSchemaVersion: "1.0",
      ...NOTHING_ELSE,
      ...open,
    });
  });

  test.each(["", "token", "[]", '{"TokenValue":7}', `{"TokenValue":${"[".repeat(100_000)}`])(
    "and refuses %.30j",
    (text) => {
      expect(readOpenMessage(text)).toBeUndefined();
    },
  );
});
