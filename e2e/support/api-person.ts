import WebSocket from "ws";
import type { Stack } from "./stack.ts";

export interface ApiAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** Somebody who speaks to the console by HTTP and websocket only, signed in with access keys. */
export class ApiPerson {
  readonly #stack: Stack;
  #cookie = "";

  private constructor(stack: Stack) {
    this.#stack = stack;
  }

  static async signIn(stack: Stack, id: string): Promise<ApiPerson> {
    const keys = stack.people.find((person) => person.id === id);
    if (keys === undefined) throw new Error(`the sandbox has no ${id}`);
    const { accessKeyId, secretAccessKey } = keys;
    return ApiPerson.signInWith(stack, { accessKeyId, secretAccessKey });
  }

  static async signInWith(
    stack: Stack,
    keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  ): Promise<ApiPerson> {
    const person = new ApiPerson(stack);
    const answer = await person.request("POST", "/sign-in/access-keys", keys);
    if (answer.status >= 300) throw new Error(`sign-in answered ${answer.status}`);
    return person;
  }

  async request(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await fetch(`${this.#stack.url}/api/v1${path}`, {
      method,
      headers: {
        origin: this.#stack.url,
        ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().at(-1)?.split(";")[0];
    if (set !== undefined) this.#cookie = set;
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  }

  /** A websocket of hers; nothing is said on it yet. */
  socket(path: string, origin = this.#stack.url): WebSocket {
    const url = `${this.#stack.url.replace("http", "ws")}/api/v1${path}`;
    return new WebSocket(url, "causeway.v1", { headers: { origin, cookie: this.#cookie } });
  }

  /** Opens the attach websocket; resolves with the first text message, or with how it was refused. */
  attach(sessionId: string, ticket: string, origin = this.#stack.url): Promise<string> {
    return new Promise((resolve) => {
      const socket = this.socket(`/sessions/${sessionId}/attach`, origin);
      socket.on("open", () => socket.send(JSON.stringify({ type: "ticket", ticket })));
      socket.on("message", (data) => {
        resolve(String(data));
        socket.close();
      });
      socket.on("unexpected-response", (_request, response) => resolve(`refused ${response.statusCode}`));
      socket.on("close", (code, reason) => resolve(`closed ${code} ${reason}`));
      socket.on("error", () => undefined);
    });
  }
}
