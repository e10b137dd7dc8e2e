/**
 * What listens on a machine, as its agent reaches it: in the machine's own network where machines are kept apart, else on this
 * computer, where only the machine's web service is told apart from the others'.
 */
import { connect, type Socket } from "node:net";
import { NetworkGate } from "./network-gate.ts";
import { WEB_PORT, type WebService } from "./web-service.ts";

/** Programs listen on either. */
const LOOPBACKS = ["127.0.0.1", "::1"] as const;

export interface MachineNetworkOptions {
  /** What to run so that a command runs in the machine's network; undefined: machines are not kept apart. */
  enter: ((command: readonly string[]) => string[]) | undefined;
  /** Listens on WEB_PORT; undefined: nothing of ours does. */
  web: WebService | undefined;
}

export class MachineNetwork {
  readonly #gate: NetworkGate | undefined;
  readonly #web: WebService | undefined;
  readonly #opened: Promise<void>;
  #isClosed = false;

  constructor({ enter, web }: MachineNetworkOptions) {
    this.#gate = enter && new NetworkGate(enter);
    this.#web = web;
    this.#opened = this.#open();
  }

  /**
   * A connection to a port of the machine's loopback; its bytes wait until they are read.
   * @throws Error in the words a real agent has for it
   */
  async dial(port: number): Promise<Socket> {
    await this.#opened;
    let refusal = "";
    for (const host of LOOPBACKS) {
      try {
        return await this.#connect(host, port);
      } catch (error) {
        const code = error instanceof Error ? error.message : String(error);
        refusal ||= `dial tcp ${host}:${port}: ${WORDS[code] ?? code}`;
      }
    }
    throw new Error(refusal);
  }

  close(): void {
    this.#isClosed = true;
    this.#web?.close();
    this.#gate?.close();
  }

  /** A machine without loopback has no web service; that is no reason for it not to start. */
  async #open(): Promise<void> {
    if (!this.#gate || !this.#web) return;
    const listener = await this.#gate.listen(LOOPBACKS[0], WEB_PORT).catch(() => undefined);
    if (this.#isClosed) listener?.close();
    else if (listener) this.#web.listenOn(listener);
  }

  async #connect(host: string, port: number): Promise<Socket> {
    if (this.#isClosed) throw new Error("ENETDOWN");
    if (this.#gate) return this.#gate.connect(host, port);
    return dialHere(host, this.#web && port === WEB_PORT ? await this.#web.portHere() : port);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  ENETUNREACH: "connect: network is unreachable",
  ENETDOWN: "connect: network is down",
};

function dialHere(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.pause();
    const refused = (error: Error & { code?: string }) => reject(new Error(error.code ?? error.message));
    socket.once("error", refused);
    socket.once("connect", () => {
      socket.off("error", refused);
      resolve(socket);
    });
  });
}
