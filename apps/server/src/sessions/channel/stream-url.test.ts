import { expect, test } from "vitest";
import { checkedStreamUrl } from "./stream-url.ts";

test.each([
  "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/alice-0a1b2c3d4e5f60718?role=publish_subscribe",
  "ws://127.0.0.1:4566/v1/data-channel/x",
  "ws://localhost:4566/x",
  "ws://[::1]:4566/x",
])("%s is used as it is", (address) => {
  expect(checkedStreamUrl(address).href).toBe(address);
});

test.each([
  "ws://ssmmessages.eu-west-1.amazonaws.com/x",
  "ws://127.0.0.1.example.com/x",
  "ws://10.0.0.1/x",
  "ws://localhost.example.com/x",
  "http://127.0.0.1/x",
  "https://example.com/x",
  "file:///etc/passwd",
  "wss://user:password@example.com/x",
  "not an address",
  "",
])("%s is refused", (address) => {
  expect(() => checkedStreamUrl(address)).toThrow(expect.objectContaining({ code: "STREAM_URL_REFUSED" }));
});
