/**
 * What a machine's little service answers over HTTP, so that there is something to forward a port to. It does as well as the machine's
 * `svc` says: stopped, it hangs up; in trouble, it says so. Only whether the service's state files exist is looked at: the machine's
 * people own that folder.
 */
import { existsSync, lstatSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { join } from "node:path";
import { SERVICE_FOLDER } from "../instances/service-scripts.ts";

/** Where every such service listens, on its machine: the default of AWS's own document. */
export const WEB_PORT = 80;
/** At a time; one beyond is hung up on. */
export const WEB_CONNECTIONS_MAX = 256;
const HEADERS_MAX_MS = 10_000;

export interface WebFacts {
  service: string;
  hostName: string;
  instanceId: string;
  /** The machine's home, as the sandbox sees it. */
  home: string;
}

export class WebService {
  readonly #facts: WebFacts;
  readonly #http: Server;
  readonly #sockets = new Set<Socket>();
  #listener: NetServer | undefined;
  #here: Promise<number> | undefined;

  constructor(facts: WebFacts) {
    this.#facts = facts;
    this.#http = createServer({ headersTimeout: HEADERS_MAX_MS }, (request, response) =>
      this.#answer(request, response),
    );
  }

  /** Takes connections from a listener that was made elsewhere, and closes it in the end. */
  listenOn(listener: NetServer): void {
    this.#listener = listener;
    listener.on("connection", (socket) => this.take(socket));
  }

  /** On this computer, where machines are not kept apart and only one could have the service's own port. */
  portHere(): Promise<number> {
    this.#here ??= new Promise((resolve, reject) => {
      const listener = createNetServer().once("error", reject);
      this.listenOn(listener);
      listener.listen(0, "127.0.0.1", () => {
        const address = listener.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    return this.#here;
  }

  take(socket: Socket): void {
    socket.on("error", () => {}); // it hung up
    if (this.#is("stopped") || this.#sockets.size >= WEB_CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#http.emit("connection", socket);
  }

  close(): void {
    this.#listener?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #answer({ method, url = "/" }: IncomingMessage, response: ServerResponse): void {
    const { service, hostName, instanceId } = this.#facts;
    const ails = this.#is("ailing");
    const say = (status: number, text: string) =>
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", server: service }).end(text);
    if (method !== "GET" && method !== "HEAD") say(405, "GET only\n");
    else if (url === "/health") say(ails ? 503 : 200, ails ? "connection pool 40/40\n" : "ok\n");
    else if (url === "/") {
      const state = ails ? "requests fail, connection pool 40/40; svc restart would empty it" : "all well";
      say(200, `${service} on ${hostName} (${instanceId})\n${state}\n`);
    } else say(404, "not here\n");
  }

  #is(state: "stopped" | "ailing"): boolean {
    return existsSync(join(this.#facts.home, SERVICE_FOLDER)) && isThere(join(this.#facts.home, SERVICE_FOLDER, state));
  }
}

/** Without following a link. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
