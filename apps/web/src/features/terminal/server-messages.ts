/** Text of the attach websocket → a checked message. Unknown types are ignored: an older page on a newer server. */
import { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { Value } from "typebox/value";

/** Longest text message taken from the server, in characters: they are small; terminal bytes are never text. */
export const SERVER_TEXT_CHARS_MAX = 64 * 1024;

/** Never throws; undefined for anything that is not a message of the contract. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  if (text.length > SERVER_TEXT_CHARS_MAX) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(ServerMessage, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
