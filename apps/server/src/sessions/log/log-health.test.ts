/** What operators are told of a disk that takes nothing: a real file system that is full. */
import { unlinkSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { createMetrics } from "../../platform/metrics.ts";
import { NO_SESSIONS, startTestServer, TestBrowser, type TestServer } from "../../test-support/test-server.ts";
import { LogLife, until } from "../testing/file-log-harness.ts";
import { append } from "../testing/log-lives.ts";
import { DISK_BYTES, describeOnSmallDisk, mountSmallDisk, unmountSmallDisks } from "../testing/small-disk.ts";
import { DISK_RETRY_MS } from "./file-session-log.ts";
import { measureSessionLogs, sessionLogsReady } from "./log-health.ts";

let life: LogLife | undefined;
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  await life?.logs.close();
  server = undefined;
  life = undefined;
  unmountSmallDisks();
});

/** A server over the logs of one directory, and the page of its operator. */
async function operatorOf(logs: LogLife["logs"]): Promise<TestBrowser> {
  const metrics = createMetrics();
  measureSessionLogs(metrics, () => logs.usage);
  server = await startTestServer({
    deps: { metrics },
    domains: () => ({
      sessions: NO_SESSIONS,
      plugins: [],
      readyChecks: [sessionLogsReady(() => logs.usage)],
    }),
  });
  return new TestBrowser(server);
}
async function told(operator: TestBrowser): Promise<{ status: number; logs: unknown; notDurable: number }> {
  const ready = await operator.get("/readyz");
  const gauge = /^causeway_sessions_not_durable (\d+)$/m.exec((await operator.get("/metrics")).body);
  return { status: ready.statusCode, logs: ready.json().checks["session-logs"], notDurable: Number(gauge?.[1]) };
}

describeOnSmallDisk("an operator", import.meta.url, () => {
  test("is told by /readyz and a gauge while a session cannot be stored, and when it is again", async () => {
    const disk = mountSmallDisk(DISK_BYTES - 600 * 1024);
    life = await LogLife.begin({ dataDir: disk });
    const log = await life.create();
    const operator = await operatorOf(life.logs);
    expect(await told(operator)).toEqual({ status: 200, logs: "ok", notDurable: 0 });
    while (log.isDurable) {
      append(log, "o".repeat(16 * 1024));
      log.writeOut();
    }
    expect(await told(operator)).toEqual({ status: 503, logs: "failed", notDurable: 1 });
    unlinkSync(`${disk}/ballast`);
    life.clock.advance(DISK_RETRY_MS);
    await until(() => log.isDurable);
    expect(await told(operator)).toEqual({ status: 200, logs: "ok", notDurable: 0 });
  });

  test("reads the bytes of all logs, on the disk and in memory", async () => {
    life = await LogLife.begin({ dataDir: mountSmallDisk(0) });
    const operator = await operatorOf(life.logs);
    const gauge = async (name: string) =>
      Number(new RegExp(`^${name} (\\d+)$`, "m").exec((await operator.get("/metrics")).body)?.[1]);
    expect(await gauge("causeway_session_log_disk_bytes")).toBe(0);
    const log = await life.create();
    append(log, "o".repeat(100_000));
    log.writeOut();
    const { diskBytes, ringBytes } = life.logs.usage;
    expect(diskBytes).toBeGreaterThan(100_000);
    expect(await gauge("causeway_session_log_disk_bytes")).toBe(diskBytes);
    expect(await gauge("causeway_session_log_memory_bytes")).toBe(ringBytes);
  });
});
