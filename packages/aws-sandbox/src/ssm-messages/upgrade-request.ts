/** Which channel an upgrade request asks for, and how one is refused. Paths: data-channel.md §2.1, §13.2, §13.3. */
import type { Duplex } from "node:stream";

export type ChannelRequest = { channel: "control"; instanceId: string } | { channel: "data"; sessionId: string };

const PATH = /^\/v1\/(control|data)-channel\/([^/]{1,400})$/;

/** @returns undefined: not a path of the gateway */
export function channelRequestOf(url: string | undefined): ChannelRequest | undefined {
  const path = (url ?? "").split("?", 1)[0] ?? "";
  const match = PATH.exec(path);
  if (!match) return undefined;
  let id: string;
  try {
    id = decodeURIComponent(match[2] ?? "");
  } catch {
    return undefined;
  }
  return match[1] === "control" ? { channel: "control", instanceId: id } : { channel: "data", sessionId: id };
}

const REASON: Record<number, string> = { 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable" };

/** Answers an upgrade with a status and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: 403 | 404 | 503): void {
  socket.on("error", () => socket.destroy()); // a peer that is gone already
  socket.end(`HTTP/1.1 ${status} ${REASON[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
