/** A person with a browser's network: her cookie, her requests through the wire, her websockets. */
import { Api, ApiClient, type WebSocketLike } from "@causeway/web/headless";
import WebSocket from "ws";
import type { AccessKeys } from "./sandbox-control.ts";

const SUBPROTOCOL = "causeway.v1";

export class Person {
  readonly #origin: string;
  readonly api: Api;
  #cookie = "";

  /** @param origin of the console, as she types it */
  constructor(origin: string) {
    this.#origin = origin;
    this.api = new Api(new ApiClient({ fetch: (input, init) => this.#fetch(input, init), base: `${origin}/api/v1` }));
  }

  /** `name=value`; empty before the sign-in. */
  get cookie(): string {
    return this.#cookie;
  }

  signIn(keys: AccessKeys): Promise<void> {
    return this.api.signInWithAccessKeys(keys);
  }

  /**
   * @param onText every text message, before the session hears it
   * @returns the socket as a page has it, and how it ends when the browser is killed: without a word
   */
  openSocket(sessionId: string, onText: (text: string) => void): { socket: WebSocketLike; kill: () => void } {
    const url = `${this.#origin.replace("http", "ws")}/api/v1/sessions/${sessionId}/attach`;
    const socket = new WebSocket(url, SUBPROTOCOL, { headers: { origin: this.#origin, cookie: this.#cookie } });
    const like: WebSocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (data) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
      close: (code, reason) => socket.close(code, reason),
    };
    socket.on("open", () => like.onopen?.({}));
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (like.onmessage === null) return;
      if (!isBinary) onText(data.toString());
      like.onmessage?.({ data: isBinary ? Uint8Array.from(data).buffer : data.toString() });
    });
    socket.on("error", () => like.onerror?.({}));
    socket.on("close", (code, reason) => like.onclose?.({ code, reason: reason.toString() }));
    return { socket: like, kill: () => socket.terminate() };
  }

  readonly #fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    headers.set("origin", this.#origin);
    if (this.#cookie !== "") headers.set("cookie", this.#cookie);
    const response = await fetch(input, { ...init, headers });
    const cookie = response.headers.getSetCookie().at(-1)?.split(";")[0];
    if (cookie !== undefined) this.#cookie = cookie;
    return response;
  };
}
