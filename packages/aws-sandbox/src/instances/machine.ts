/**
 * A sandbox machine: an emulated SSM agent with shells, reaching the sandbox over HTTP and websockets as a real agent does.
 * It shares nothing with the gateway but the input journal and the plan of faults.
 */
import type { Socket } from "node:net";
import { Faults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import { destinationOf } from "../ports/destinations.ts";
import { MachineNetwork } from "../ports/machine-network.ts";
import { WebService } from "../ports/web-service.ts";
import type { InputJournal } from "../ssm-messages/input-journal.ts";
import { AgentApi } from "./agent-api.ts";
import { EmulatedAgent } from "./emulated-agent.ts";
import type { FleetInstance } from "./fleet.ts";
import { type MachineHome, prepareHome, serviceOf } from "./home-directory.ts";
import { MachineSpace, type Separation } from "./machine-space.ts";
import { processesWithHome, signalAll } from "./process-table.ts";
import { StartRefusedError } from "./start-refusal.ts";

/** For shells to end and their ends to be reported, when a machine stops. */
export const STOP_GRACE_MS = 800;

export interface MachineOptions {
  instance: FleetInstance;
  /** http://127.0.0.1:port */
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Folder in which the machine makes its home directory, 0700. */
  homeRoot: string;
  /**
   * `windowed` (default) stops reading the pty at 128 unacknowledged frames; `real-agent` at 100,000, with a pause of 1 ms
   * after each. Source: data-channel.md §16.2 #11.
   */
  profile?: "windowed" | "real-agent";
  /** Whether its role allows this: asked about services that are not emulated. Default: everything. */
  mayUse?: (action: string) => boolean;
  /** How its processes are kept apart; asked when the first session comes. Default: they are not, and it has no service. */
  separation?: () => Promise<Separation>;
  /** Another machine of its network, by name or address. Default: it is alone. */
  neighbour?: (host: string) => Reachable | undefined;
  /** Milliseconds since the epoch. Default: when it is started. */
  bootedAtMs?: number;
  /** `gateway.journal` */
  journal: InputJournal;
  /** Default: none. */
  faults?: Faults;
  log: SandboxLog;
  /** Default: this computer's clock. */
  nowMs?: () => number;
  /** Default: Math.random. Spreads reconnects. */
  random?: () => number;
}

/** What has ports that can be dialled. */
export interface Reachable {
  /** A connection to a port of its loopback, which nobody has read from. @throws Error in the agent's words when there is none */
  dial(port: number): Promise<Socket>;
}

export class Machine implements Reachable {
  readonly #options: MachineOptions;
  #agent: EmulatedAgent | undefined;
  #home: MachineHome | undefined;
  #space: Promise<MachineSpace> | undefined;
  /** Of the home as it was opened last: a space that ended and began again has another network. */
  #network: { of: MachineHome; network: MachineNetwork } | undefined;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  /** Resolves when the control channel was opened (or the machine was stopped meanwhile). */
  async start(): Promise<void> {
    if (this.#agent) return;
    const { instance, endpoint, credentials, journal, log } = this.#options;
    const nowMs = this.#options.nowMs ?? Date.now;
    const faults = this.#options.faults ?? new Faults();
    const { bootedAtMs = nowMs() } = this.#options;
    const facts = { ...instance, instanceId: instance.id, bootedAtMs };
    const home = await prepareHome(this.#options.homeRoot, facts, nowMs());
    this.#home = home;
    const agent = new EmulatedAgent({
      instance,
      openHome: () => this.#open(home),
      reach: (host) => this.#reach(host),
      api: new AgentApi({ instance, endpoint, credentials, nowMs }),
      profile: this.#options.profile ?? "windowed",
      mayUse: this.#options.mayUse ?? (() => true),
      recordInput: (sessionId, bytes) => journal.record(sessionId, { bytes }),
      faultsOf: (sessionId) => faults.agentFaults({ sessionId, instanceId: instance.id }),
      log,
      nowMs,
      random: this.#options.random ?? Math.random,
    });
    this.#agent = agent;
    await agent.start();
    log.info("machine_started", { instanceId: instance.id });
  }

  /**
   * Shells get SIGHUP, their sessions end, then the channels close and every process of the machine is killed.
   * A stopped machine can be started again.
   */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    const agent = this.#agent;
    if (!agent) return;
    this.#agent = undefined;
    await agent.stop(graceMs);
    const space = this.#space;
    this.#space = undefined;
    this.#network?.network.close();
    this.#network = undefined;
    // Not waited for: whether machines are kept apart may still be being tried, and nothing of this one runs before that.
    void space?.then((opened) => opened.stop());
    if (this.#home) signalAll(processesWithHome(this.#home.path), "SIGKILL");
    this.#options.log.info("machine_stopped", { instanceId: this.#options.instance.id });
  }

  async dial(port: number): Promise<Socket> {
    const home = this.#home;
    if (!this.#agent || !home) throw new Error("connect: no route to host");
    const opened = await this.#open(home);
    if (!this.#agent) throw new Error("connect: no route to host");
    return this.#networkOf(opened).dial(port);
  }

  async #open(home: MachineHome): Promise<MachineHome> {
    const { separation, instance } = this.#options;
    if (separation === undefined) return home;
    const system = `${instance.platformName} ${instance.platformVersion}`;
    this.#space ??= separation().then((how) => new MachineSpace(home, system, how));
    const opened = await (await this.#space).open();
    if (this.#agent) this.#networkOf(opened);
    return opened;
  }

  #networkOf(home: MachineHome): MachineNetwork {
    if (this.#network?.of === home) return this.#network.network;
    this.#network?.network.close();
    const { instance } = this.#options;
    const facts = { hostName: home.hostName, instanceId: instance.id, home: home.path, service: serviceOf(instance) };
    const web = instance.hasWeb ? new WebService(facts) : undefined;
    this.#network = { of: home, network: new MachineNetwork({ enter: home.enterNetwork, web }) };
    return this.#network.network;
  }

  /** @throws StartRefusedError */
  #reach(host: string): (port: number) => Promise<Socket> {
    const { instance, neighbour = () => undefined } = this.#options;
    const destination = destinationOf(host, instance, neighbour);
    switch (destination.kind) {
      case "itself":
        return (port) => this.dial(port);
      case "peer":
        return (port) => destination.peer.dial(port);
      case "forbidden":
        throw new StartRefusedError(destination.why);
      case "nowhere":
        return () => Promise.reject(new Error(destination.why));
    }
  }

  /** Another version of its agent; shells go on. Resolves once that one has connected, or was refused. */
  async upgrade(agentVersion: string): Promise<void> {
    await this.#agent?.upgrade(agentVersion);
  }

  /** The network is gone: sockets cut, nothing redialled; shells go on. */
  loseNetwork(): void {
    this.#agent?.loseNetwork();
  }

  /** It goes away without closing anything. Shells go on. */
  vanish(): void {
    this.#agent?.vanish();
  }

  /** The network is back, or the machine: channels are redialled, sessions go on where they were. */
  restoreNetwork(): void {
    this.#agent?.restoreNetwork();
  }
}
