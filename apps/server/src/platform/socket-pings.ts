import type { Clock } from "./clock.ts";

/** Proxies cut idle websockets at 60 s. */
export const PING_EVERY_MS = 15_000;
/** Without any frame or pong for so long nobody is there, in milliseconds. */
export const SILENCE_MAX_MS = 60_000;

/**
 * Pings a browser's websocket for as long as it is heard of, and cuts it when it is not.
 * @param heardAtMs when its last frame or pong came, on the same clock
 * @returns stops it
 */
export function pingUntilSilent(
  socket: { ping(): void; terminate(): void },
  clock: Clock,
  heardAtMs: () => number,
): () => void {
  let cancel: () => void = () => undefined;
  const arm = (): void => {
    cancel = clock.setTimer(clock.nowMs() + PING_EVERY_MS, () => {
      if (clock.nowMs() - heardAtMs() >= SILENCE_MAX_MS) {
        socket.terminate();
        return;
      }
      socket.ping();
      arm();
    });
  };
  arm();
  return () => cancel();
}
