import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { listen } from "./listener.ts";

const HANDLERS = {
  onRequest: async () => ({ status: 200, headers: {}, body: "" }),
  onUpgrade: () => false,
  onBug(failure: unknown) {
    throw failure;
  },
};

const LIMITS = { headersTimeoutMs: 50, requestTimeoutMs: 100, timeoutCheckIntervalMs: 10, connectionsMax: 10 };

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });

test("a connection beyond the bound is closed at once, and those before it go on", async () => {
  const listener = await listen({ host: "127.0.0.1", port: 0 }, HANDLERS, {
    limits: { ...LIMITS, headersTimeoutMs: 30_000, requestTimeoutMs: 30_000, connectionsMax: 2 },
  });
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

test("a handler that throws costs its caller an answer, and the server goes on", async () => {
  const bugs: unknown[] = [];
  const listener = await listen(
    { host: "127.0.0.1", port: 0 },
    {
      onRequest: () => Promise.reject(new Error("request")),
      onUpgrade() {
        throw new Error("upgrade");
      },
      onBug: (failure) => bugs.push(failure),
    },
  );
  const exchange = async (more: string) => {
    const socket = await open(listener.port);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n${more}\r\n`);
    await closed;
    return answer;
  };
  expect(await exchange("Connection: close\r\n")).toMatch(/^HTTP\/1\.1 500 /);
  expect(await exchange("Connection: Upgrade\r\nUpgrade: websocket\r\n")).toBe("");
  expect(bugs).toEqual([new Error("request"), new Error("upgrade")]);
  await listener.close();
});

test("a sender that does not finish its headers, or its body, is answered with 408 and cut off", async () => {
  const listener = await listen({ host: "127.0.0.1", port: 0 }, HANDLERS, { limits: LIMITS });
  const start = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n`;
  for (const unfinished of [start, `${start}Content-Length: 10\r\n\r\n{`]) {
    const socket = await open(listener.port);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(unfinished);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  }
  await listener.close();
});
