import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../ssm-messages/test-peers.ts";
import { WEB_CONNECTIONS_MAX, WebService } from "./web-service.ts";

let home = "";
let web: WebService;
let port = 0;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "web-"));
  mkdirSync(join(home, ".svc"));
  web = new WebService({ service: "checkout", hostName: "checkout-api-01", instanceId: "i-1", home });
  port = await web.portHere();
});
afterEach(() => {
  web.close();
  rmSync(home, { recursive: true });
});

const get = async (path: string, method = "GET") => {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return `${reply.status} ${await reply.text()}`;
};

test("it says who it is and how it does, and nothing else", async () => {
  expect(await get("/")).toBe("200 checkout on checkout-api-01 (i-1)\nall well\n");
  expect(await get("/health")).toBe("200 ok\n");
  expect(await get("/etc/passwd")).toBe("404 not here\n");
  expect(await get("/", "DELETE")).toBe("405 GET only\n");
});

test("in trouble it is not healthy; stopped it hangs up; also when the machine's people made a link of that", async () => {
  writeFileSync(join(home, ".svc/ailing"), "");
  expect(await get("/health")).toBe("503 connection pool 40/40\n");
  symlinkSync("/nowhere", join(home, ".svc/stopped"));
  await expect(get("/health")).rejects.toThrow("fetch failed");
  rmSync(join(home, ".svc"), { recursive: true });
  expect(await get("/health")).toBe("200 ok\n");
});

test("so many connections are held at a time, and one more is hung up on", async () => {
  const sockets: Socket[] = [];
  const open = async () => {
    const socket = connect({ host: "127.0.0.1", port }).on("error", () => {});
    sockets.push(socket);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  for (let count = 0; count < WEB_CONNECTIONS_MAX; count++) await open();
  const beyond = await open();
  await eventually(() => expect(beyond.destroyed || beyond.closed).toBe(true));
  expect(sockets.filter(({ closed }) => closed)).toHaveLength(1);
  sockets[0]?.destroy();
  await expect.poll(() => get("/health").catch(() => "refused")).toBe("200 ok\n");
  for (const socket of sockets) socket.destroy();
});
