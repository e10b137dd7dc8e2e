// The gate's process on this computer's own network: what it enters is chosen by its caller.
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GATE_IDLE_MS, GATE_WAITING_MAX, NetworkGate } from "./network-gate.ts";

// A process is started, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let server: Server;
let port = 0;
let entered = 0;
let gate: NetworkGate;
beforeEach(async () => {
  entered = 0;
  gate = new NetworkGate((command) => {
    entered++;
    return [...command];
  });
  server = createServer((socket) => socket.on("error", () => {}).end("hello of the server"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
});
afterEach(() => {
  vi.useRealTimers();
  gate.close();
  server.close();
});

const textOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = "";
    socket.on("data", (data) => {
      text += String(data);
    });
    socket.once("close", () => resolve(text));
    socket.resume();
  });

test("connections are handed out with everything that the other side said first, all by one process", async () => {
  const sockets = await Promise.all([1, 2, 3].map(() => gate.connect("127.0.0.1", port)));
  expect(await Promise.all(sockets.map(textOf))).toEqual(Array(3).fill("hello of the server"));
  expect(entered).toBe(1);
});

test("where nothing listens there is a code, and the next connection is made all the same", async () => {
  await expect(gate.connect("127.0.0.1", 1)).rejects.toThrow("ECONNREFUSED");
  expect(await textOf(await gate.connect("127.0.0.1", port))).toContain("hello");
});

test("a listener is handed out, and goes on without the process, which leaves at once, and the gate", async () => {
  const listener = await gate.listen("127.0.0.1", 0);
  await new Promise((resolve) => setTimeout(resolve, 0)); // the turn in which it leaves
  (await gate.connect("127.0.0.1", port)).on("error", () => {}).destroy();
  expect(entered).toBe(2);
  gate.close();
  listener.on("connection", (socket: Socket) => socket.end("hello of the machine"));
  const { port: at } = listener.address() as { port: number };
  expect(await textOf(connect({ host: "127.0.0.1", port: at }))).toBe("hello of the machine");
  listener.close();
});

test("so many are asked for at a time; one more is refused, and closing refuses all", async () => {
  const asked = Array.from({ length: GATE_WAITING_MAX }, () => gate.connect("127.0.0.1", port));
  await expect(gate.connect("127.0.0.1", port)).rejects.toThrow("too many");
  gate.close();
  const results = await Promise.allSettled(asked);
  for (const result of results) if (result.status === "fulfilled") result.value.on("error", () => {}).destroy();
  expect(results.some(({ status }) => status === "rejected")).toBe(true);
  await expect(gate.connect("127.0.0.1", port)).rejects.toThrow("the machine is gone");
});

test("a process that was not asked for a while goes, and another comes when it is", async () => {
  (await gate.connect("127.0.0.1", port)).destroy();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const [first, second] = [gate.connect("127.0.0.1", port), gate.connect("127.0.0.1", port)];
  for (const socket of await Promise.all([first, second])) socket.destroy();
  vi.advanceTimersByTime(GATE_IDLE_MS - 1);
  expect(entered).toBe(1);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  (await gate.connect("127.0.0.1", port)).destroy();
  expect(entered).toBe(2);
});

test("a network that cannot be entered refuses", async () => {
  const closed = new NetworkGate(() => ["/nowhere/at-all"]);
  await expect(closed.connect("127.0.0.1", port)).rejects.toThrow("cannot be entered");
  closed.close();
});
