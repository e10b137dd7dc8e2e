/**
 * A TCP proxy on loopback whose wire can go bad: cut, half-open, stalled, slow, refused. It knows no protocol; what goes
 * wrong is decided by whoever holds it. Every byte that passes does so in order, or its connection ends.
 */
import { createServer, type Server, Socket } from "node:net";

/** Bytes that one direction of one connection may hold; beyond it the sender is not read, as TCP would. */
export const QUEUED_BYTES_MAX = 256 * 1024;

interface Parcel {
  /** undefined: the sender has ended. */
  bytes: Buffer | undefined;
  dueMs: number;
}

export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #targetPort = 0;
  #isRefusing = false;
  #delayMs = 0;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #stalledUntilMs = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on("connection", (socket) => this.#accept(socket));
  }

  /** Listens on a free port of 127.0.0.1. It refuses everybody until it has a target. */
  static async listen(): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port to listen on");
    return new FaultProxy(server, address.port);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  get connections(): number {
    return this.#pairs.size;
  }

  /** Where new connections lead; a port of 127.0.0.1. */
  setTarget(port: number): void {
    this.#targetPort = port;
  }

  /** Resets every connection. */
  cut(): void {
    for (const pair of [...this.#pairs]) pair.reset();
  }

  /** Every open connection stays, and neither side hears of the other again. */
  halfOpen(): void {
    for (const pair of this.#pairs) pair.silence();
  }

  /** Nothing passes for so long; what comes meanwhile arrives afterwards. */
  stall(forMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, Date.now() + forMs);
  }

  setDelay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Of each direction of each connection. */
  setThrottle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Refuses new connections, and resets those there are, until told otherwise. */
  setRefusing(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
    if (isRefusing) this.cut();
  }

  /** All is well again for what comes; half-open connections stay dead. */
  heal(): void {
    this.#isRefusing = false;
    this.#delayMs = 0;
    this.#bytesPerSecond = Number.POSITIVE_INFINITY;
    this.#stalledUntilMs = 0;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(near: Socket): void {
    near.on("error", () => undefined);
    if (this.#isRefusing || this.#targetPort === 0) {
      near.resetAndDestroy();
      return;
    }
    const far = new Socket({ allowHalfOpen: true });
    far.setNoDelay(true);
    far.connect(this.#targetPort, "127.0.0.1");
    const dueMs = (bytes: number, afterMs: number): number => {
      const nowMs = Date.now();
      const arrivesMs = Math.max(nowMs + this.#delayMs, this.#stalledUntilMs, afterMs);
      return arrivesMs + (bytes / this.#bytesPerSecond) * 1_000;
    };
    const pair: Pair = new Pair(near, far, dueMs, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
  }
}

type DueMs = (bytes: number, afterMs: number) => number;

class Pair {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #ways: readonly Way[];
  #isSilent = false;

  constructor(near: Socket, far: Socket, dueMs: DueMs, onGone: () => void) {
    this.#near = near;
    this.#far = far;
    this.#ways = [new Way(near, far, dueMs), new Way(far, near, dueMs)];
    let open = 2;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on("error", () => undefined);
      socket.on("close", (hadError) => {
        // An orderly end went its way as a parcel; a broken one breaks the other side, unless nothing passes any more.
        if (hadError && !this.#isSilent) other.resetAndDestroy();
        if (--open === 0) onGone();
      });
    }
  }

  silence(): void {
    this.#isSilent = true;
    for (const way of this.#ways) way.stop();
  }

  reset(): void {
    for (const way of this.#ways) way.stop();
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }
}

/** One direction of one connection. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #dueMs: DueMs;
  #parcels: Parcel[] = [];
  #bytes = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(from: Socket, to: Socket, dueMs: DueMs) {
    this.#from = from;
    this.#to = to;
    this.#dueMs = dueMs;
    from.on("data", (bytes) => this.#take(bytes));
    from.on("end", () => this.#take(undefined));
    to.on("close", () => this.stop());
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#parcels = [];
    this.#from.pause();
  }

  #take(bytes: Buffer | undefined): void {
    if (this.#isStopped) return;
    this.#lastDueMs = this.#dueMs(bytes?.length ?? 0, this.#lastDueMs);
    this.#parcels.push({ bytes, dueMs: this.#lastDueMs });
    this.#bytes += bytes?.length ?? 0;
    if (this.#bytes > QUEUED_BYTES_MAX) this.#from.pause();
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    for (let first = this.#parcels[0]; first !== undefined; first = this.#parcels[0]) {
      const waitMs = first.dueMs - Date.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliver(), waitMs);
        return;
      }
      this.#parcels.shift();
      if (first.bytes === undefined) this.#to.end();
      else this.#pass(first.bytes);
    }
  }

  #pass(bytes: Buffer): void {
    // Counted until the far side has taken it: a receiver that does not read is felt by the sender.
    this.#to.write(bytes, () => {
      this.#bytes -= bytes.length;
      if (!this.#isStopped && this.#bytes <= QUEUED_BYTES_MAX) this.#from.resume();
    });
  }
}
