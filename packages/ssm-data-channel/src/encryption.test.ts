import { expect, test } from "vitest";
import { nodeAesGcm } from "../test/node-host.ts";
import { countingNonces, encryptionContext, isSealedByAgent, SEALED_BYTES_MIN, SessionCipher } from "./encryption.ts";

const KEY = Uint8Array.from({ length: 64 }, (_, index) => index);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const utf8 = (text: string) => new TextEncoder().encode(text);
const cipher = (role: "client" | "agent", nonce = "000000000000000000000000") =>
  new SessionCipher(role, KEY, nodeAesGcm, () => hex(nonce));

test("the agent seals with the first half of the data key: the specification's value", () => {
  const sealed = hex("9f991d7d400f0736729973049ff0503cf95aa86a6c77a1e649e5f33a1431");
  expect(cipher("agent", "9f991d7d400f073672997304").seal(utf8("$ "))).toEqual(sealed);
  expect(cipher("client").open(sealed)).toEqual(utf8("$ "));
});

test("the client seals with the second half of the data key: the specification's value", () => {
  const sealed = hex("000102030405060708090a0b302150796b6ce92de9e02938ee56f3d16b8741");
  expect(cipher("client", "000102030405060708090a0b").seal(utf8("ls\r"))).toEqual(sealed);
  expect(cipher("agent").open(sealed)).toEqual(utf8("ls\r"));
});

test("what one role sealed, the same role cannot open", () => {
  expect(cipher("client").open(cipher("client").seal(utf8("x")))).toBeUndefined();
});

test("fewer than 28 bytes are refused without being looked at; 28 are an empty message", () => {
  for (let length = 0; length < SEALED_BYTES_MIN; length += 1) {
    expect(cipher("client").open(new Uint8Array(length))).toBeUndefined();
  }
  const empty = cipher("agent").seal(new Uint8Array(0));
  expect(empty).toHaveLength(SEALED_BYTES_MIN);
  expect(cipher("client").open(empty)).toEqual(new Uint8Array(0));
});

test("one changed bit anywhere is noticed", () => {
  const sealed = cipher("agent").seal(utf8("secret"));
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = sealed.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(cipher("client").open(changed)).toBeUndefined();
  }
});

test("the agent's nonce is a little-endian counter that carries and wraps", () => {
  const nonces = countingNonces(hex("feffffff0000000000000000"));
  const seen = [nonces(), nonces(), nonces()].map((nonce) => Buffer.from(nonce).toString("hex"));
  expect(seen).toEqual(["feffffff0000000000000000", "ffffffff0000000000000000", "000000000100000000000000"]);
  const last = countingNonces(hex("ffffffffffffffffffffffff"));
  last();
  expect(last()).toEqual(new Uint8Array(12));
});

test("towards the client output, standard error and exit code are encrypted, nothing else", () => {
  expect(Array.from({ length: 14 }, (_, type) => type).filter(isSealedByAgent)).toEqual([1, 11, 12]);
});

test("the random challenge is part of the context only when there is one", () => {
  expect(encryptionContext("s", "i-1", undefined)).toEqual({ "aws:ssm:SessionId": "s", "aws:ssm:TargetId": "i-1" });
  expect(encryptionContext("s", "i-1", "AAEC")).toMatchObject({ "aws:ssm:RandomChallenge": "AAEC" });
});
