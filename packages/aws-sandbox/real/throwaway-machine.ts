// A copy of this computer's file system to throw away, with a real amazon-ssm-agent on it: the agent makes users and writes under /var/lib.
// Mount, process and host name namespaces with an overlay over everything; the network is this computer's, so that loopback is the
// sandbox's. Needs root.
import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { AGENT_PROGRAMS, agentFolder } from "./binaries.ts";
import { REGION, type SandboxProcess, SLOW_MS } from "./sandbox-process.ts";

export const HOST_NAME = "real-agent-01";

const ENTER = `
set -e
place=$1; shift
mkdir -p "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" "$place/root"
mount -t proc proc "$place/root/proc"
mount --rbind /dev "$place/root/dev"
mount -t tmpfs tmp "$place/root/tmp"
hostname ${HOST_NAME}
exec chroot "$place/root" "$@"
`;

export class ThrowawayMachine {
  readonly #place: string;
  readonly #upper: string;
  #agent: ChildProcess | undefined;

  private constructor(place: string) {
    this.#place = place;
    this.#upper = join(place, "upper");
  }

  /** With the agent's programs and its configuration: every endpoint is the sandbox. */
  static async make(sandbox: SandboxProcess): Promise<ThrowawayMachine> {
    if (process.getuid?.() !== 0) throw new Error("a real agent needs root, for the users and mounts of its machine");
    const machine = new ThrowawayMachine(await mkdtemp(join(tmpdir(), "sandbox-machine-")));
    const Endpoint = sandbox.tlsUrl;
    const config = {
      Mgs: { Region: REGION, Endpoint },
      Ssm: { Endpoint },
      Mds: { Endpoint },
      Kms: { Endpoint },
      Agent: { Region: REGION },
      Identity: { ConsumptionOrder: ["OnPrem"] },
    };
    const folders = ["usr/bin", "etc/amazon/ssm", "etc/sudoers.d", "var/lib/amazon/ssm", "var/log/amazon/ssm"];
    for (const folder of folders) await mkdir(join(machine.#upper, folder), { recursive: true, mode: 0o755 });
    for (const name of AGENT_PROGRAMS) await copyFile(join(agentFolder(), name), join(machine.#upper, "usr/bin", name));
    await writeFile(join(machine.#upper, "etc/amazon/ssm/amazon-ssm-agent.json"), JSON.stringify(config));
    await copyFile(sandbox.caFile, join(machine.#upper, "sandbox-ca.pem"));
    return machine;
  }

  /** @returns the id that the sandbox gave it */
  async register(activation: { id: string; code: string }): Promise<string> {
    const { id, code } = activation;
    const argv = ["amazon-ssm-agent", "-register", "-id", id, "-code", code, "-region", REGION, "-y"];
    const child = this.#run(argv);
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => output.push(String(chunk)));
    const status = await new Promise((done) => child.once("close", done));
    const found = /Managed instance-id: (mi-[0-9a-f]{17})/.exec(output.join(""))?.[1];
    if (status !== 0 || found === undefined) throw new Error(`the agent did not register: ${output.join("")}`);
    return found;
  }

  startAgent(): void {
    this.#agent = this.#run(["amazon-ssm-agent"]);
    for (const stream of [this.#agent.stdout, this.#agent.stderr]) stream?.resume();
  }

  /** The agent and all that it started end at once: the machine's first process is gone, and its namespace with it. */
  async killAgent(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    if (agent === undefined || agent.exitCode !== null) return;
    const ended = new Promise((done) => agent.once("exit", done));
    agent.kill("SIGKILL");
    await ended;
  }

  /** What the agent wrote into its own log. */
  async log(): Promise<string> {
    return readFile(join(this.#upper, "var/log/amazon/ssm/amazon-ssm-agent.log"), "utf8").catch(() => "");
  }

  async discard(): Promise<void> {
    await this.killAgent();
    // what the kernel still unmounts is tried again
    await vi.waitFor(() => rm(this.#place, { recursive: true, force: true }), { timeout: SLOW_MS });
  }

  #run(argv: readonly string[]): ChildProcess {
    const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--uts"];
    const trust = { SSL_CERT_FILE: "/sandbox-ca.pem", AWS_CA_BUNDLE: "/sandbox-ca.pem" };
    return spawn("unshare", [...namespaces, "sh", "-c", ENTER, "sh", this.#place, ...argv], {
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...trust },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}
