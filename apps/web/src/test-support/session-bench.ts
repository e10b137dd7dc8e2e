/** One terminal session over the test's clock, sockets, API and page: how the tests of its parts open it, cut it off and go on. */
import { SessionCore } from "../features/terminal/session-core.ts";
import type { TerminalTarget } from "../features/terminal/terminal-types.ts";
import { type FakeSocket, FakeSurface, type FakeWorld, fakeSession, fakeWorld, settle } from "./fake-terminal.ts";

export const TARGET: TerminalTarget = {
  instanceId: "i-0a1f6c83e5d2b7940",
  instanceName: "checkout-api-04",
  region: "eu-west-1",
};

/** The fake emulator draws nowhere, so a host is only passed on. */
export const HOST = {} as HTMLElement;

export interface Bench extends FakeWorld {
  session: SessionCore;
  surface: FakeSurface;
  detach: () => void;
  /** The newest connection. */
  socket(): FakeSocket;
}

export function bench(existing = fakeSession(), world = fakeWorld()): Bench {
  return make(existing, world);
}

export function make(existing: ReturnType<typeof fakeSession> | undefined, world: FakeWorld): Bench {
  let surface: FakeSurface | undefined;
  const session = new SessionCore(TARGET, existing, world.deps, (events) => {
    surface = new FakeSurface(events);
    return surface;
  });
  const detach = session.attach(HOST);
  const socket = (): FakeSocket => world.sockets.at(-1) as FakeSocket;
  return { ...world, session, surface: surface as FakeSurface, detach, socket };
}

export async function opened(fields: Parameters<FakeSocket["attached"]>[0] = {}): Promise<Bench> {
  const b = bench();
  await settle();
  b.socket().open();
  b.socket().attached(fields);
  b.socket().say({ type: "control", answersQueries: true, fromOffset: 0 });
  b.socket().say({ type: "pong", id: 0 });
  await settle();
  return b;
}

export async function reconnect(b: Bench, fields: Parameters<FakeSocket["attached"]>[0] = {}): Promise<void> {
  await b.clock.advance(500);
  b.socket().open();
  b.socket().attached(fields);
  b.socket().say({ type: "pong", id: 0 });
  await settle();
}
