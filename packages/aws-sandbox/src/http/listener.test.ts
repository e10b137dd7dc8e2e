import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { listen } from "./listener.ts";

const HANDLERS = {
  onRequest: async () => ({ status: 200, headers: {}, body: "" }),
  onUpgrade: () => false,
};

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });

test("a connection beyond the bound is closed at once, and those before it go on", async () => {
  const listener = await listen({ host: "127.0.0.1", port: 0 }, HANDLERS, 2);
  const [first, second] = [await open(listener.port), await open(listener.port)];
  const third = await open(listener.port);
  await new Promise((resolve) => third.once("close", resolve));
  expect([first.destroyed, second.destroyed]).toEqual([false, false]);
  const reply = new Promise((resolve) => first.once("data", (chunk) => resolve(chunk.toString().slice(0, 15))));
  first.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n\r\n`);
  expect(await reply).toBe("HTTP/1.1 200 OK");
  await listener.close();
});

test("closing ends idle connections instead of waiting for them", async () => {
  const listener = await listen({ host: "127.0.0.1", port: 0 }, HANDLERS);
  const idle = await open(listener.port);
  const closed = new Promise((resolve) => idle.once("close", resolve));
  await listener.close();
  await closed;
});

test("a port that is taken is the caller's error to explain", async () => {
  const listener = await listen({ host: "127.0.0.1", port: 0 }, HANDLERS);
  await expect(listen({ host: "127.0.0.1", port: listener.port }, HANDLERS)).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  await listener.close();
});
