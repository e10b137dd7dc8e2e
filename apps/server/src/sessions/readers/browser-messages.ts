/** What a browser may say on the attach websocket, checked against the wire contract. Pure; schemas compiled once. */
import { BrowserMessage } from "@causeway/wire-contract/terminal-messages";
import { Compile } from "typebox/compile";

/** Longest text message of a browser, in bytes: an attach message has about 200. */
export const TEXT_MESSAGE_BYTES_MAX = 4_096;

const check = Compile(BrowserMessage);

/** @returns undefined for anything that is not exactly one of the contract's messages. Never throws. */
export function readBrowserMessage(data: Uint8Array): BrowserMessage | undefined {
  if (data.length > TEXT_MESSAGE_BYTES_MAX) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    return check.Check(value) ? value : undefined;
  } catch {
    return undefined; // not JSON
  }
}
