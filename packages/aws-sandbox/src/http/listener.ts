// The one HTTP server: bounds and guards every request, then hands it on. Knows no service.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type ListeningAddress, refusalForBrowser, refusalForPage } from "./browser-guard.ts";
import type { HttpAnswer, HttpReply } from "./protocol.ts";
import { headerMap } from "./sig-v4.ts";

export const BODY_BYTES_MAX = 1024 * 1024;
export const HEADER_BYTES_MAX = 32 * 1024;
/** Longer than the SDKs keep an idle connection, so that they close it and not we, in the middle of their next request. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export interface ListenerLimits {
  /** All headers of a request must have come within this time, and the whole request within the next. */
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** How much later than these two a slow sender may be cut off. */
  timeoutCheckIntervalMs: number;
  /** Beyond it a new connection is closed at once. */
  connectionsMax: number;
}

/** 500 shells have 1,000 data channels; machines and API calls come on top. */
const LISTENER_LIMITS: ListenerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  timeoutCheckIntervalMs: 5_000,
  connectionsMax: 4_096,
};

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: ReadonlyMap<string, readonly string[]>;
  body: Uint8Array;
  /** It came over TLS. */
  isSecure: boolean;
}

export interface ListenerHandlers {
  /** Paths that are for browsers. Default: none. */
  isPage?(target: string): boolean;
  onRequest(request: ReceivedRequest): Promise<HttpAnswer>;
  /** @returns false when the path is nobody's */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** One of the two threw: a bug, which costs that caller an answer and nobody else anything. */
  onBug(failure: unknown): void;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** PEM. */
export interface TlsKeys {
  certPem: string;
  keyPem: string;
}

/**
 * @param tls makes it speak TLS, and nothing else
 * @throws the server's own error (EADDRINUSE and the like)
 */
export async function listen(
  address: ListeningAddress,
  handlers: ListenerHandlers,
  { limits = LISTENER_LIMITS, tls }: { limits?: ListenerLimits; tls?: TlsKeys | undefined } = {},
): Promise<Listener> {
  const bounds = { maxHeaderSize: HEADER_BYTES_MAX, connectionsCheckingInterval: limits.timeoutCheckIntervalMs };
  const server =
    tls === undefined
      ? createServer(bounds)
      : createTlsServer({
          ...bounds,
          cert: tls.certPem,
          key: tls.keyPem,
          minVersion: "TLSv1.2",
          handshakeTimeout: limits.headersTimeoutMs,
        });
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.maxConnections = limits.connectionsMax;
  let listening = address;
  server.on("request", (request, response) => {
    void answer(request, response, listening, handlers);
  });
  server.on("upgrade", (request, socket, head) => {
    // Before somebody takes the socket over its errors are nobody's: without this one reset would end the process.
    socket.on("error", () => socket.destroy());
    const refusal = refusalForBrowser(headerMap(request.rawHeaders), listening);
    if (refusal !== undefined) return refuseUpgrade(socket, "403 Forbidden", refusal);
    try {
      if (!handlers.onUpgrade(request, socket, head)) refuseUpgrade(socket, "404 Not Found", "no such channel");
    } catch (failure) {
      handlers.onBug(failure);
      socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  listening = { ...address, port, isSecure: tls !== undefined };
  return { port, close: () => closeServer(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  listening: ListeningAddress,
  handlers: ListenerHandlers,
): Promise<void> {
  const headers = headerMap(request.rawHeaders);
  const { method = "GET", url = "/" } = request;
  const refusal = handlers.isPage?.(url)
    ? refusalForPage(method, headers, listening)
    : refusalForBrowser(headers, listening);
  if (refusal !== undefined) return send(request, response, plain(403, refusal));
  const body = await readBody(request);
  if (body === "aborted") return;
  if (body === "too_large")
    return send(request, response, plain(413, `the request body is larger than ${BODY_BYTES_MAX} bytes`));
  try {
    const answer = await handlers.onRequest({
      method,
      target: url,
      headers,
      body,
      isSecure: listening.isSecure === true,
    });
    if (answer === "reset") request.socket.resetAndDestroy();
    else send(request, response, answer);
  } catch (failure) {
    handlers.onBug(failure);
    send(request, response, plain(500, "an internal error occurred"));
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | "too_large" | "aborted"> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_BYTES_MAX) return "too_large";
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > BODY_BYTES_MAX) return "too_large";
      chunks.push(chunk as Buffer);
    }
  } catch {
    return "aborted";
  }
  return Buffer.concat(chunks);
}

function send(request: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  if (response.destroyed) return;
  // A body that nobody read would be taken for the next request: such a connection ends with this answer.
  const close = request.complete ? {} : { connection: "close" };
  response.writeHead(reply.status, {
    ...reply.headers,
    ...close,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
}

const plain = (status: number, text: string): HttpReply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: `${text}\n`,
});

function refuseUpgrade(socket: Duplex, status: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** Upgraded sockets are their owner's to close; the others end now. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
