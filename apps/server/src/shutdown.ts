import type { FastifyInstance } from "fastify";
import type { Clock } from "./platform/clock.ts";
import type { Log } from "./platform/logger.ts";

/** The whole of a graceful stop, in milliseconds: an orchestrator kills after 10 s at the earliest. */
export const SHUTDOWN_MS_MAX = 10_000;

export interface ShutdownStep {
  name: string;
  /** It is given up after this long, in milliseconds, and the next one begins. */
  timeoutMs: number;
  run(): unknown;
}

/**
 * The order in which everything ends, in one place: nobody new gets in, what is typed and shown is
 * stored while browsers still stand, then the browsers go, then what stores things, and the lock last, so that a successor starts
 * only when nothing of ours is written any more.
 */
export interface Stoppable {
  stopAccepting(): unknown;
  storeSessions(): Promise<unknown>;
  closeSockets(): Promise<unknown>;
  closeStore(): Promise<unknown>;
  releaseLock(): unknown;
}

export function shutdownSteps(parts: Stoppable): ShutdownStep[] {
  return [
    { name: "stop accepting", timeoutMs: 500, run: () => parts.stopAccepting() },
    { name: "store sessions", timeoutMs: 6_000, run: () => parts.storeSessions() },
    { name: "close sockets", timeoutMs: 2_000, run: () => parts.closeSockets() },
    { name: "close store", timeoutMs: 1_000, run: () => parts.closeStore() },
    { name: "release lock", timeoutMs: 500, run: () => parts.releaseLock() },
  ];
}

/** Runs every step, also after one that fails or hangs. @returns false when one did */
export async function shutDown(steps: readonly ShutdownStep[], clock: Clock, log: Log): Promise<boolean> {
  let clean = true;
  for (const step of steps) {
    const result = await withTimeout(step, clock);
    if (result === undefined) continue;
    clean = false;
    log.error({ step: step.name, err: result }, "a step of the shutdown failed");
  }
  return clean;
}

async function withTimeout(step: ShutdownStep, clock: Clock): Promise<Error | undefined> {
  let cancel = (): void => undefined;
  const timeout = new Promise<Error>((resolve) => {
    cancel = clock.setTimer(clock.nowMs() + step.timeoutMs, () =>
      resolve(new Error(`not done within ${step.timeoutMs} ms`)),
    );
  });
  const run = async (): Promise<undefined> => {
    await step.run();
  };
  try {
    return await Promise.race([run(), timeout]);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    cancel();
  }
}

/** Browsers get this long to answer the closing handshake, in milliseconds. */
const SOCKET_CLOSE_MS = 500;
/** RFC 6455 §7.4.1: the server goes away; pages come back by themselves. */
const CLOSE_GOING_AWAY = 1001;

/** Closes websockets politely, then everything that is left, and the HTTP server. */
export async function closeSockets(app: FastifyInstance): Promise<void> {
  const { clients } = app.websocketServer;
  for (const socket of clients) socket.close(CLOSE_GOING_AWAY, "SERVER_STOPPING");
  const deadline = setTimeout(() => {
    for (const socket of clients) socket.terminate();
    app.server.closeAllConnections();
  }, SOCKET_CLOSE_MS).unref();
  await app.close();
  clearTimeout(deadline);
}
