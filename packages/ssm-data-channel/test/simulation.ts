// Runs a whole session over two lossy links in virtual time: keys one way, output the other, both judged at the end.
import { AgentChannel } from "../src/agent-channel.ts";
import { decodeAgentMessage } from "../src/agent-message.ts";
import type { Transmit } from "../src/channel-host.ts";
import { SEALED_BYTES_MIN } from "../src/encryption.ts";
import { MESSAGE_TYPE } from "../src/message-type.ts";
import { buildChannelClosed } from "../src/payloads.ts";
import { frame } from "./direct-link.ts";
import { type LinkFaults, LossyLink } from "./lossy-link.ts";
import { seededRandom, testHost } from "./node-host.ts";
import { SimulatedKeeper } from "./simulated-keeper.ts";

export interface Scenario {
  seed: number;
  toAgent: LinkFaults;
  toClient: LinkFaults;
  keyBytes: number;
  outputBytes: number;
  storeFirst: boolean;
  storeDelayMsMax?: number;
  sessionType?: string;
  kmsKeyId?: string;
  /** How many times, at random moments of the first minute. */
  clientCuts?: number;
  agentCuts?: number;
  restarts?: number;
  unackedMessagesMax?: number;
}

export interface Outcome {
  /** Virtual time at which all was delivered, acknowledged and ended; undefined: it never was. */
  endedAtMs: number | undefined;
  keysSent: Uint8Array;
  keysReceived: Uint8Array;
  outputSent: Uint8Array;
  outputReceived: Uint8Array;
  lastSizeReceived: { cols: number; rows: number } | undefined;
  keeper: SimulatedKeeper;
}

export const LAST_SIZE = { cols: 132, rows: 43 };
const STEPS_MAX = 60_000;
const KEY_PAUSE_MS_MAX = 800;
const VIRTUAL_MS_MAX = 3_600_000;
const DATA_KEY = Uint8Array.from({ length: 64 }, (_, index) => index * 3);

export function simulate(scenario: Scenario): Outcome {
  return new Simulation(scenario).run();
}

class Simulation {
  readonly #random: () => number;
  readonly #toAgent: LossyLink;
  readonly #toClient: LossyLink;
  readonly #keeper: SimulatedKeeper;
  readonly #agent: AgentChannel;
  readonly #keys: Uint8Array;
  readonly #output: Uint8Array;
  #keysReceived: Uint8Array[] = [];
  #outputWritten = 0;
  #nextKeyAtMs = 0;
  #lastSize: { cols: number; rows: number } | undefined;
  #hasProcess = false;
  #isClosing = false;
  #now = 0;
  /** What happens at which time: cuts, reconnects, restarts. Sorted. */
  #plan: { atMs: number; act: () => void }[] = [];

  constructor(scenario: Scenario) {
    const random = seededRandom(scenario.seed);
    this.#random = random;
    this.#toAgent = new LossyLink(scenario.toAgent, random);
    this.#toClient = new LossyLink(scenario.toClient, random);
    this.#keys = Uint8Array.from({ length: scenario.keyBytes }, () => Math.floor(random() * 256));
    this.#output = Uint8Array.from({ length: scenario.outputBytes }, () => Math.floor(random() * 256));
    this.#keeper = new SimulatedKeeper({
      host: testHost(scenario.seed + 1),
      random,
      storeFirst: scenario.storeFirst,
      storeDelayMsMax: scenario.storeDelayMsMax ?? 0,
      dataKey: DATA_KEY,
      sealedExtraBytes: scenario.kmsKeyId ? SEALED_BYTES_MIN : 0,
    });
    this.#agent = new AgentChannel({
      sessionId: "dana-0a1b2c3d4e5f60718",
      instanceId: "i-0123456789abcdef0",
      agentVersion: "3.3.987.0",
      sessionType: scenario.sessionType ?? "Standard_Stream",
      host: testHost(scenario.seed + 2),
      ...(scenario.kmsKeyId && { kmsKeyId: scenario.kmsKeyId }),
      ...(scenario.unackedMessagesMax && { unackedMessagesMax: scenario.unackedMessagesMax }),
    });
    this.#planAt(0, () => this.#keeper.channel.handleSocketOpen("client-token", this.#now));
    this.#planAt(random() * 200, () => this.#agent.handleSocketOpen("agent-token", this.#now));
    for (let cut = 0; cut < (scenario.clientCuts ?? 0); cut += 1)
      this.#planAt(this.#someTime(), () => this.#cutClient());
    for (let cut = 0; cut < (scenario.agentCuts ?? 0); cut += 1) this.#planAt(this.#someTime(), () => this.#cutAgent());
    for (let kill = 0; kill < (scenario.restarts ?? 0); kill += 1)
      this.#planAt(this.#someTime(), () => this.#restart());
  }

  run(): Outcome {
    let endedAtMs: number | undefined;
    for (let step = 0; step < STEPS_MAX && this.#now < VIRTUAL_MS_MAX && endedAtMs === undefined; step += 1) {
      this.#exchange();
      if (this.#keeper.channel.state === "closed") endedAtMs = this.#now;
      const next = this.#nextMoment();
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next);
    }
    return {
      endedAtMs,
      keysSent: this.#keys,
      keysReceived: Buffer.concat(this.#keysReceived),
      outputSent: this.#output,
      outputReceived: this.#keeper.output,
      lastSizeReceived: this.#lastSize,
      keeper: this.#keeper,
    };
  }

  #exchange(): void {
    while (this.#plan[0] !== undefined && this.#plan[0].atMs <= this.#now) this.#plan.shift()?.act();
    const client = this.#keeper.channel;
    this.#keeper.confirm(this.#now);
    client.handleTimeout(this.#now);
    this.#agent.handleTimeout(this.#now);
    for (const message of this.#toClient.take(this.#now)) client.receive(message, this.#now);
    for (const message of this.#toAgent.take(this.#now)) this.#agent.receive(message, this.#now);
    this.#runProcess();
    this.#type();
    this.#forward(this.#keeper.poll(this.#now), this.#toAgent);
    this.#runProcess(); // polls the agent's events to the end
    const transmits: Transmit[] = [];
    for (let next = this.#agent.pollTransmit(); next !== undefined; next = this.#agent.pollTransmit())
      transmits.push(next);
    this.#forward(transmits, this.#toClient);
    this.#endWhenDone();
  }

  #forward(transmits: readonly Transmit[], link: LossyLink): void {
    for (const transmit of transmits) {
      if (transmit.kind === "text") continue; // the open message is for the service
      const decoded = decodeAgentMessage(transmit.frame);
      if (!decoded.ok) throw new Error(`a channel sent a frame that is rejected: ${decoded.reason}`);
      if (decoded.message.messageType !== MESSAGE_TYPE.agentSessionState) link.send(transmit.frame, this.#now);
    }
  }

  #runProcess(): void {
    for (let event = this.#agent.pollEvent(); event !== undefined; event = this.#agent.pollEvent()) {
      if (event.kind === "start") {
        this.#hasProcess = true;
        this.#planAt(this.#now + 300, () => this.#agent.handleReady(this.#now)); // later than the first size
      } else if (event.kind === "input") this.#keysReceived.push(event.bytes.slice());
      else if (event.kind === "size") this.#lastSize = { cols: event.cols, rows: event.rows };
      else if (event.kind === "data_key_wanted") this.#agent.handleDataKey(DATA_KEY, this.#now);
    }
    while (this.#hasProcess && this.#agent.canSend && this.#outputWritten < this.#output.length) {
      const end = Math.min(this.#output.length, this.#outputWritten + 1 + Math.floor(this.#random() * 1_500));
      this.#agent.sendOutput(this.#output.subarray(this.#outputWritten, end), this.#now);
      this.#outputWritten = end;
    }
  }

  #type(): void {
    const { channel } = this.#keeper;
    if (channel.state === "closed") return;
    const { cols, rows } = LAST_SIZE;
    if (this.#keeper.keysTaken < this.#keys.length / 2)
      channel.resize(cols + Math.floor(this.#random() * 9), rows, this.#now);
    else channel.resize(cols, rows, this.#now);
    // One piece at a time: the keeper counts a piece as taken when it polls the channel. A person pauses in between, so
    // that cuts and kills meet keys in every stage of their way.
    if (this.#now < this.#nextKeyAtMs) return;
    const end = Math.min(this.#keys.length, this.#keeper.keysTaken + 1 + Math.floor(this.#random() * 1_500));
    const keys = this.#keys.subarray(this.#keeper.keysTaken, end);
    if (keys.length === 0 || !channel.canSend(keys.length)) return;
    this.#keeper.type(keys, this.#now);
    this.#nextKeyAtMs = this.#now + this.#random() * KEY_PAUSE_MS_MAX;
  }

  #endWhenDone(): void {
    const { channel, keysTaken } = this.#keeper;
    const isDone =
      this.#outputWritten === this.#output.length &&
      keysTaken === this.#keys.length &&
      channel.unacknowledged.messages === 0 &&
      this.#agent.unackedMessages === 0 &&
      this.#lastSize?.cols === LAST_SIZE.cols;
    if (!isDone || this.#plan.length > 0 || this.#isClosing) return;
    this.#isClosing = true;
    this.#agent.finish(this.#now);
    this.#planAt(this.#now + 1, () => {
      const closed = { messageId: "", destinationId: "", sessionId: "", createdDateMs: 1, output: "" };
      const payload = buildChannelClosed(closed);
      this.#keeper.channel.receive(frame({ messageType: MESSAGE_TYPE.channelClosed, payload }), this.#now);
    });
  }

  #cutClient(): void {
    this.#toClient.cut();
    this.#toAgent.cut();
    this.#keeper.channel.handleSocketLost(this.#now);
    this.#planAt(this.#now + 50 + this.#random() * 2_000, () =>
      this.#keeper.channel.handleSocketOpen("next-client-token", this.#now),
    );
  }

  #cutAgent(): void {
    this.#toClient.cut();
    this.#toAgent.cut();
    this.#agent.handleSocketLost(this.#now);
    this.#planAt(this.#now + 50 + this.#random() * 2_000, () =>
      this.#agent.handleSocketOpen("next-agent-token", this.#now),
    );
  }

  #restart(): void {
    this.#cutClient();
    this.#keeper.restart(this.#now);
  }

  #planAt(atMs: number, act: () => void): void {
    this.#plan.push({ atMs, act });
    this.#plan.sort((a, b) => a.atMs - b.atMs);
  }

  #someTime(): number {
    return 500 + this.#random() * 20_000;
  }

  #nextMoment(): number | undefined {
    const hasKeys = this.#keeper.keysTaken < this.#keys.length && this.#keeper.channel.canSend(1_500);
    const moments = [
      this.#plan[0]?.atMs,
      this.#toClient.nextArrivalMs,
      this.#toAgent.nextArrivalMs,
      this.#keeper.nextConfirmationMs,
      this.#keeper.channel.pollTimeoutMs(),
      this.#agent.pollTimeoutMs(),
      hasKeys ? Math.max(this.#now + 1, this.#nextKeyAtMs) : undefined,
    ].filter((at) => at !== undefined);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }
}
