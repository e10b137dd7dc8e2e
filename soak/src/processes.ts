/** Child processes of a stack: their output goes to a file, their readiness is a line they print. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

const READY_WITHIN_MS = 60_000;
/** What is kept of a start's output to find the ready line in, in characters. */
const START_CHARS_MAX = 64 * 1024;

/** They end with this process, however it ends (but by SIGKILL). */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface Started {
  child: ChildProcess;
  /** What `ready` matched. */
  match: RegExpExecArray;
}

/**
 * @param ready what the process prints once it can be used
 * @param logFile appended to
 * @throws Error when it ends, or is silent for a minute
 */
export async function startProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
  logFile: string,
): Promise<Started> {
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  const child = spawn(process.execPath, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  let printed: string | undefined = "";
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => fail("was not ready in time"), READY_WITHIN_MS);
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`${args[0]} ${what}; see ${logFile}`));
    };
    child.once("exit", (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        log.write(chunk);
        if (printed === undefined) return;
        printed = (printed + chunk.toString()).slice(-START_CHARS_MAX);
        const found = ready.exec(printed);
        if (found === null) return;
        printed = undefined;
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve(found);
      });
  });
  child.once("close", () => log.end());
  return { child, match };
}

/** Resolves when the process is gone. */
export async function endProcess(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGCONT"); // one that stands still hears of nothing else
  child.kill(signal);
  await exited;
}
