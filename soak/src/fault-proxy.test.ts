import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { FaultProxy, QUEUED_BYTES_MAX } from "./fault-proxy.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** Says back what it hears, unless told to hear only. */
async function echo(listensOnly = false): Promise<{ port: number; sockets: Socket[]; bytes: () => number }> {
  const sockets: Socket[] = [];
  let bytes = 0;
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      if (!listensOnly) socket.write(chunk);
    });
    socket.on("end", () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, sockets, bytes: () => bytes };
}

async function proxyTo(port: number): Promise<FaultProxy> {
  const proxy = await FaultProxy.listen();
  proxy.setTarget(port);
  open.push(proxy);
  return proxy;
}

class Client {
  readonly socket: Socket;
  heard = "";
  ended: "orderly" | "reset" | undefined;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("utf8");
    this.socket.on("data", (text) => {
      this.heard += text;
    });
    this.socket.on("error", () => undefined);
    this.socket.on("close", (hadError) => {
      this.ended = hadError ? "reset" : "orderly";
    });
    open.push({ close: () => this.socket.destroy() });
  }
}

test("what is well passes both ways, and an orderly end stays one", async () => {
  const proxy = await proxyTo((await echo()).port);
  const client = new Client(proxy.port);
  client.socket.end("hello");
  await expect.poll(() => client.ended).toBe("orderly");
  expect(client.heard).toBe("hello");
  await expect.poll(() => proxy.connections).toBe(0);
});

test("a cut resets both sides", async () => {
  const server = await echo();
  const proxy = await proxyTo(server.port);
  const client = new Client(proxy.port);
  client.socket.write("x");
  await expect.poll(() => client.heard).toBe("x");
  proxy.cut();
  await expect.poll(() => client.ended).toBe("reset");
  await expect.poll(() => server.sockets[0]?.destroyed).toBe(true);
});

test("a half-open connection neither carries nor closes, also when the other side goes; a new one works", async () => {
  const server = await echo();
  const proxy = await proxyTo(server.port);
  const dead = new Client(proxy.port);
  dead.socket.write("x");
  await expect.poll(() => dead.heard).toBe("x");
  proxy.halfOpen();
  proxy.heal();
  dead.socket.write("lost");
  server.sockets[0]?.resetAndDestroy();
  const fresh = new Client(proxy.port);
  fresh.socket.write("works");
  await expect.poll(() => fresh.heard).toBe("works");
  expect(dead).toMatchObject({ heard: "x", ended: undefined });
});

test("a stalled wire delivers everything afterwards, in order", async () => {
  const proxy = await proxyTo((await echo()).port);
  const client = new Client(proxy.port);
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  const stalledAtMs = Date.now();
  proxy.stall(200);
  for (const text of ["b", "c", "d"]) client.socket.write(text);
  await expect.poll(() => client.heard).toBe("abcd");
  expect(Date.now() - stalledAtMs).toBeGreaterThanOrEqual(195);
});

test("a slow wire delivers late, and a narrow one at its pace", async () => {
  const proxy = await proxyTo((await echo()).port);
  proxy.setDelay(60);
  const client = new Client(proxy.port);
  const sentAtMs = Date.now();
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  expect(Date.now() - sentAtMs).toBeGreaterThanOrEqual(115);
  proxy.setDelay(0);
  proxy.setThrottle(1_000);
  const throttledAtMs = Date.now();
  client.socket.write("b".repeat(100));
  await expect.poll(() => client.heard.length).toBe(101);
  expect(Date.now() - throttledAtMs).toBeGreaterThanOrEqual(195);
});

test("a refusing wire resets what there is and what comes, until it is well again", async () => {
  const proxy = await proxyTo((await echo()).port);
  const before = new Client(proxy.port);
  before.socket.write("x");
  await expect.poll(() => before.heard).toBe("x");
  proxy.setRefusing(true);
  const during = new Client(proxy.port);
  await expect.poll(() => [before.ended, during.ended]).toEqual(["reset", "reset"]);
  proxy.heal();
  const after = new Client(proxy.port);
  after.socket.write("y");
  await expect.poll(() => after.heard).toBe("y");
});

test("a server that is not there is a reset to who dials it", async () => {
  const server = await echo();
  const proxy = await proxyTo(server.port);
  await (open[0] as { close(): unknown }).close();
  const client = new Client(proxy.port);
  await expect.poll(() => client.ended).toBe("reset");
});

test("behind a narrow wire the sender is held back, not the proxy's memory filled", async () => {
  const server = await echo(true);
  const proxy = await proxyTo(server.port);
  proxy.stall(300);
  const client = new Client(proxy.port);
  const block = Buffer.alloc(QUEUED_BYTES_MAX);
  for (let block_ = 0; block_ < 64; block_++) client.socket.write(block);
  await expect.poll(() => client.socket.writableLength).toBeGreaterThan(0);
  expect(client.socket.writableLength).toBeGreaterThan(32 * QUEUED_BYTES_MAX);
  await expect.poll(server.bytes, { timeout: 10_000 }).toBe(64 * QUEUED_BYTES_MAX);
});
