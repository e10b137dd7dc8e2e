import { connect, createServer, type Server, type Socket } from "node:net";
import { FLAG } from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventually } from "../ssm-messages/test-peers.ts";
import { KEEP_ALIVE_EVERY_MS, KEEP_ALIVE_TURNS, MuxTunnel, STREAMS_MAX } from "./mux-tunnel.ts";
import { SingleTunnel } from "./single-tunnel.ts";
import { buildSmuxFrame, SMUX_COMMAND, SmuxReader } from "./smux.ts";

/** A real server that answers what it hears, in capitals, and remembers who came. */
let server: Server;
let guests: Socket[] = [];
let heard = "";
beforeEach(async () => {
  guests = [];
  heard = "";
  server = createServer((socket) => {
    guests.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      heard += String(data);
      socket.write(String(data).toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  vi.useRealTimers();
  for (const guest of guests) guest.destroy();
  server.close();
});

const dial = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as { port: number };
    const socket = connect({ host: "127.0.0.1", port }).pause();
    socket.once("error", reject);
    socket.once("connect", () => resolve(socket));
  });
const refuse = () => Promise.reject(new Error("dial tcp 127.0.0.1:81: connect: connection refused"));

class Listener {
  readonly reader = new SmuxReader();
  readonly frames: string[] = [];
  readonly flags: number[] = [];
  readonly ends: (number | string)[] = [];
  bytes = "";
  output(bytes: Uint8Array): void {
    this.bytes += Buffer.from(bytes).toString("latin1");
    for (const { command, streamId, data } of this.reader.read(bytes))
      this.frames.push([Object.keys(SMUX_COMMAND)[command], streamId, Buffer.from(data).toString()].join(" ").trim());
  }
  flag(flag: number): void {
    this.flags.push(flag);
  }
  exited(code: number): void {
    this.ends.push(code);
  }
  failed(text: string): void {
    this.ends.push(text);
  }
}

function mux(options: { dial?: () => Promise<Socket>; keepAlive?: boolean } = {}) {
  const events = new Listener();
  const tunnel = new MuxTunnel({ dial, keepAlive: false, ...options, events });
  const say = (command: keyof typeof SMUX_COMMAND, streamId: number, text = "") =>
    tunnel.write(buildSmuxFrame(SMUX_COMMAND[command], streamId, Buffer.from(text)));
  return { tunnel, events, say };
}

function single(redials: boolean, options: { dial?: () => Promise<Socket> } = {}) {
  const events = new Listener();
  return { events, tunnel: new SingleTunnel({ dial, redials, ...options, events }) };
}

test("each stream of a multiplexed session has a connection of its own, and what came before it was there", async () => {
  const { events, say, tunnel } = mux();
  say("open", 3);
  say("data", 3, "one");
  say("open", 5);
  say("data", 5, "two");
  expect(tunnel.inputBytesWaiting).toBe(6);
  await eventually(() => expect([...events.frames].sort()).toEqual(["data 3 ONE", "data 5 TWO"]));
  expect(tunnel.inputBytesWaiting).toBe(0);
  expect(guests).toHaveLength(2);
  tunnel.kill();
  await eventually(() => expect(events.ends).toEqual([0]));
  await eventually(() => expect(guests.every(({ closed }) => closed)).toBe(true));
});

test("a stream that the client closes ends the connection after its last bytes, also when it was not made yet", async () => {
  const { events, say, tunnel } = mux();
  say("open", 3);
  say("data", 3, "all of it");
  say("close", 3);
  expect(events.frames).toEqual(["close 3"]);
  await eventually(() => expect(heard).toBe("all of it"));
  await eventually(() => expect(guests[0]?.closed).toBe(true));
  expect(events.frames).toEqual(["close 3"]);
  say("data", 3, "late");
  expect(events.ends).toEqual([]);
  tunnel.kill();
});

test("a connection that its destination ends closes its stream, and the session goes on", async () => {
  const { events, say, tunnel } = mux();
  say("open", 3);
  await eventually(() => expect(guests).toHaveLength(1));
  guests[0]?.end("bye");
  await eventually(() => expect(events.frames).toEqual(["data 3 bye", "close 3"]));
  say("open", 5);
  say("data", 5, "still here");
  await eventually(() => expect(events.frames).toContain("data 5 STILL HERE"));
  tunnel.kill();
});

test("a destination that does not answer is told by a flag, and its stream closed", async () => {
  const { events, say } = mux({ dial: refuse });
  say("open", 3);
  await eventually(() => expect([events.flags, events.frames]).toEqual([[FLAG.connectToPortError], ["close 3"]]));
});

test("one stream more than there may be is refused; when one has ended there is room again", async () => {
  const { events, say, tunnel } = mux();
  for (let stream = 0; stream < STREAMS_MAX; stream++) say("open", 3 + 2 * stream);
  const beyond = 3 + 2 * STREAMS_MAX;
  say("open", beyond);
  expect([events.flags, events.frames]).toEqual([[FLAG.connectToPortError], [`close ${beyond}`]]);
  await eventually(() => expect(guests).toHaveLength(STREAMS_MAX));
  say("close", 3);
  await eventually(() => expect(guests.filter(({ closed }) => closed)).toHaveLength(1));
  say("open", beyond + 2);
  say("data", beyond + 2, "room");
  await eventually(() => expect(events.frames).toContain(`data ${beyond + 2} ROOM`));
  tunnel.kill();
});

test("bytes that are not smux end a session, and it says nothing to the person", async () => {
  const { events, say, tunnel } = mux();
  say("open", 3);
  tunnel.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
  await eventually(() => expect(events.ends).toEqual([""]));
});

test("output that is paused stays in the connection, also in one that is made meanwhile", async () => {
  const { events, say, tunnel } = mux();
  say("open", 3);
  await eventually(() => expect(guests).toHaveLength(1));
  tunnel.pauseOutput();
  guests[0]?.write("held");
  say("open", 5);
  say("data", 5, "held too");
  await eventually(() => expect(heard).toBe("held too"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(events.frames).toEqual([]);
  tunnel.resumeOutput();
  await eventually(() => expect([...events.frames].sort()).toEqual(["data 3 held", "data 5 HELD TOO"]));
  tunnel.kill();
});

test("a client that keeps the multiplexer alive hears something every ten seconds, and is gone when it is silent", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setImmediate"] });
  const { events, say } = mux({ keepAlive: true });
  vi.advanceTimersByTime(KEEP_ALIVE_EVERY_MS * KEEP_ALIVE_TURNS);
  expect(events.frames).toEqual(Array(KEEP_ALIVE_TURNS).fill("nothing 0"));
  say("nothing", 0);
  vi.advanceTimersByTime(KEEP_ALIVE_EVERY_MS * KEEP_ALIVE_TURNS);
  expect(events.ends).toEqual([]);
  vi.advanceTimersByTime(KEEP_ALIVE_EVERY_MS + 1);
  expect(events.ends).toEqual([""]);
  const quiet = mux();
  vi.advanceTimersByTime(10 * KEEP_ALIVE_EVERY_MS);
  expect([quiet.events.frames, quiet.events.ends]).toEqual([[], []]);
});

test("a session of one connection carries bytes as they are, and ends with it", async () => {
  const { tunnel, events } = single(false);
  tunnel.write(Buffer.from("ssh"));
  await eventually(() => expect(events.bytes).toBe("SSH"));
  guests[0]?.end("\u00ff");
  await eventually(() => expect(events.ends).toEqual([0]));
  expect(events.bytes).toBe("SSH\u00c3\u00bf");
});

test("a forwarded port of one connection is dialled anew with the next bytes", async () => {
  const { tunnel, events } = single(true);
  tunnel.write(Buffer.from("a"));
  await eventually(() => expect(events.bytes).toBe("A"));
  guests[0]?.end();
  await eventually(() => expect(guests[0]?.closed).toBe(true));
  expect(events.ends).toEqual([]);
  tunnel.write(Buffer.from("b"));
  await eventually(() => expect(events.bytes).toBe("AB"));
  tunnel.flag(FLAG.disconnectToPort);
  await eventually(() => expect(guests[1]?.closed).toBe(true));
  tunnel.write(Buffer.from("c"));
  await eventually(() => expect(events.bytes).toBe("ABC"));
  expect(guests).toHaveLength(3);
  tunnel.kill();
  await eventually(() => expect(events.ends).toEqual([0]));
});

test("a client that is gone before there is a connection leaves none behind", async () => {
  const { tunnel } = single(true);
  tunnel.write(Buffer.from("short"));
  tunnel.flag(FLAG.disconnectToPort);
  await eventually(() => expect(heard).toBe("short"));
  await eventually(() => expect(guests[0]?.closed).toBe(true));
  tunnel.kill();
});

test("a destination that does not answer fails the session, in the agent's words", async () => {
  const { events } = single(true, { dial: refuse });
  const why = "Unable to connect to specified port: dial tcp 127.0.0.1:81: connect: connection refused";
  await eventually(() => expect(events.ends).toEqual([why]));
});
