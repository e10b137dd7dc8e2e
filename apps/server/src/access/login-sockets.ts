import type { IncomingMessage } from "node:http";
import type { LoginEndCode } from "@causeway/wire-contract/login-ends";
import { CLOSE_BY_ERROR } from "@causeway/wire-contract/terminal-messages";
import type { WebSocket } from "ws";

/** A page that does not answer the closing handshake is cut after this long, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

interface Admitted {
  socket?: WebSocket;
  /** Whose session it shows; undefined: it is for the login as a whole. */
  ownerKey: string | undefined;
  /** Set once the login has ended. */
  endedBy: LoginEndCode | undefined;
}

/**
 * Open websockets by the login they came in with, so that none outlives it: signing out, or reaching the longest
 * duration, closes them at once. A socket is known from the moment it is admitted, so that a login that ends during
 * the upgrade still finds it. Bounded by the connections of the HTTP server.
 */
export class LoginSockets {
  #byLogin = new Map<string, Set<Admitted>>();
  #byRequest = new WeakMap<IncomingMessage, Admitted>();

  /** The upgrade may go on. Forgotten when its connection closes, upgraded or not. */
  admit(request: IncomingMessage, loginId: string, ownerKey?: string): void {
    const admitted: Admitted = { endedBy: undefined, ownerKey };
    const ofLogin = this.#byLogin.get(loginId) ?? new Set();
    this.#byLogin.set(loginId, ofLogin.add(admitted));
    this.#byRequest.set(request, admitted);
    request.socket.once("close", () => {
      ofLogin.delete(admitted);
      if (ofLogin.size === 0 && this.#byLogin.get(loginId) === ofLogin) this.#byLogin.delete(loginId);
    });
  }

  /** The upgrade is done. */
  opened(request: IncomingMessage, socket: WebSocket): void {
    const admitted = this.#byRequest.get(request);
    if (admitted === undefined) return;
    admitted.socket = socket;
    if (admitted.endedBy !== undefined) close(socket, admitted.endedBy);
  }

  /**
   * Says why and closes the sockets of a login that act for an owner who is signed in there no more, and those that are
   * for the login as a whole: what they tell has changed.
   */
  closeAllOf(loginId: string, ownerKeys: ReadonlySet<string>, why: LoginEndCode): void {
    for (const admitted of this.#byLogin.get(loginId) ?? []) {
      if (admitted.ownerKey !== undefined && !ownerKeys.has(admitted.ownerKey)) continue;
      admitted.endedBy = why;
      if (admitted.socket) close(admitted.socket, why);
    }
  }

  get size(): number {
    let count = 0;
    for (const ofLogin of this.#byLogin.values()) count += ofLogin.size;
    return count;
  }
}

function close(socket: WebSocket, code: LoginEndCode): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: "error", code, retryable: false }));
  socket.close(CLOSE_BY_ERROR, code);
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
  socket.once("close", () => clearTimeout(timer));
}
