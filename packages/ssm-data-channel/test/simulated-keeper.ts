// A client's host as the server will be: it stores everything first, confirms late, and may be killed at any moment.
import type { ChannelHost, Transmit } from "../src/channel-host.ts";
import { ClientChannel } from "../src/client-channel.ts";
import type { ClientChannelEvent } from "../src/client-channel-events.ts";
import { applyToState, type ClientChannelState, type StateChange } from "../src/client-channel-state.ts";
import { PAYLOAD_TYPE } from "../src/payloads.ts";

type Stored =
  | { kind: "change"; change: StateChange; output?: Uint8Array; keyBytes?: number }
  | { kind: "state"; state: ClientChannelState };

interface JournalEntry {
  entry: Stored;
  /** On the disk from then on; the journal is written in order. */
  durableAtMs: number;
  confirm: ((nowMs: number) => void) | undefined;
  /** When the writer hears of it: later, and not in order. */
  confirmAtMs: number;
}

export interface KeeperOptions {
  host: ChannelHost;
  random: () => number;
  storeFirst: boolean;
  /** Longest time from an append to its being durable, and again to the confirmation. */
  storeDelayMsMax: number;
  dataKey: Uint8Array;
  /** Sealed payloads are longer than the keys inside. */
  sealedExtraBytes: number;
}

/** What a person would have seen, and typed: the only things a run is judged by. */
export class SimulatedKeeper {
  readonly #options: KeeperOptions;
  #channel: ClientChannel;
  #journal: JournalEntry[] = [];
  #output: Uint8Array[] = [];
  /** Key bytes handed to the channel, and of those the ones that survive a kill. */
  #keysTaken = 0;
  #isStateStale = false;
  events: ClientChannelEvent[] = [];

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#channel = this.#open(undefined);
  }

  get channel(): ClientChannel {
    return this.#channel;
  }

  get output(): Uint8Array {
    return Buffer.concat(this.#output);
  }

  get keysTaken(): number {
    return this.#keysTaken;
  }

  type(keys: Uint8Array, nowMs: number): void {
    this.#channel.sendInput(keys, nowMs);
    if (!this.#options.storeFirst) this.#keysTaken += keys.length;
  }

  /** Polls everything there is; @returns what goes to the socket */
  poll(nowMs: number): Transmit[] {
    const transmits: Transmit[] = [];
    const batch = this.#journal.length;
    for (;;) {
      const event = this.#channel.pollEvent();
      const transmit = event === undefined ? this.#channel.pollTransmit() : undefined;
      if (event !== undefined) this.#handle(event, nowMs);
      else if (transmit !== undefined) transmits.push(transmit);
      else break;
    }
    if (this.#isStateStale) this.#appendState(batch, nowMs);
    return transmits;
  }

  get nextConfirmationMs(): number | undefined {
    const pending = this.#journal.filter(({ confirm }) => confirm !== undefined);
    return pending.length === 0 ? undefined : Math.min(...pending.map(({ confirmAtMs }) => confirmAtMs));
  }

  confirm(nowMs: number): void {
    for (const entry of this.#journal) {
      if (entry.confirm === undefined || entry.confirmAtMs > nowMs) continue;
      entry.confirm(nowMs);
      entry.confirm = undefined;
    }
  }

  /** The process is killed: what is not on the disk is gone. A new one starts from what is. */
  restart(nowMs: number): void {
    this.#journal = this.#journal.filter(({ durableAtMs }) => durableAtMs <= nowMs);
    for (const entry of this.#journal) entry.confirm = undefined;
    let state: ClientChannelState | undefined;
    const changes: StateChange[] = [];
    this.#output = [];
    this.#keysTaken = 0;
    for (const { entry } of this.#journal) {
      if (entry.kind === "state") state = entry.state;
      else {
        changes.push(entry.change);
        if (entry.output) this.#output.push(entry.output);
        this.#keysTaken += entry.keyBytes ?? 0;
      }
    }
    this.#channel = this.#open(applyToState(state ?? this.#open(undefined).exportState(), changes));
  }

  #open(resumeFrom: ClientChannelState | undefined): ClientChannel {
    return new ClientChannel({
      sessionId: "dana-0a1b2c3d4e5f60718",
      targetId: "i-0123456789abcdef0",
      clientId: "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b",
      clientVersion: "1.2.650.0",
      host: this.#options.host,
      storeFirst: this.#options.storeFirst,
      ...(resumeFrom && { resumeFrom }),
    });
  }

  #handle(event: ClientChannelEvent, nowMs: number): void {
    const channel = this.#channel;
    this.events.push(event);
    switch (event.kind) {
      case "received": {
        const { sequenceNumber, payloadType, output } = event;
        const change: StateChange = { kind: "received", sequenceNumber, payloadType };
        if (output) this.#output.push(output);
        this.#append({ kind: "change", change, ...(output && { output }) }, nowMs, (at) =>
          channel.handleReceivedStored(sequenceNumber, at),
        );
        if (output === undefined) this.#isStateStale = true;
        return;
      }
      case "hole":
        this.#append({ kind: "change", change: { kind: "hole", toSequenceNumber: event.toSequenceNumber } }, nowMs);
        return;
      case "early":
        this.#append({ kind: "change", change: event }, nowMs, (at) =>
          channel.handleReceivedStored(event.sequenceNumber, at),
        );
        return;
      case "sent": {
        const keyBytes =
          event.payloadType === PAYLOAD_TYPE.output ? event.payload.length - this.#options.sealedExtraBytes : 0;
        this.#keysTaken += keyBytes;
        this.#append({ kind: "change", change: event, keyBytes }, nowMs, (at) =>
          channel.handleSentStored(event.sequenceNumber, at),
        );
        return;
      }
      case "input_acknowledged":
        this.#append({ kind: "change", change: { kind: "acknowledged", sequenceNumber: event.sequenceNumber } }, nowMs);
        return;
      case "running":
        this.#isStateStale = true;
        return;
      case "data_key_wanted":
        channel.handleDataKey({ plaintext: this.#options.dataKey, ciphertextBlob: Uint8Array.of(1, 2, 3) }, nowMs);
        return;
    }
  }

  /** The state and the records it belongs to are one append: on the disk together or not at all. */
  #appendState(batch: number, nowMs: number): void {
    this.#isStateStale = false;
    this.#append({ kind: "state", state: this.#channel.exportState() }, nowMs);
    const durableAtMs = this.#journal.at(-1)?.durableAtMs ?? nowMs;
    for (const entry of this.#journal.slice(batch)) {
      entry.confirmAtMs += durableAtMs - entry.durableAtMs;
      entry.durableAtMs = durableAtMs;
    }
  }

  #append(entry: Stored, nowMs: number, confirm?: (nowMs: number) => void): void {
    if (!this.#options.storeFirst) return;
    const delay = () => this.#options.random() * this.#options.storeDelayMsMax;
    const durableAtMs = Math.max(this.#journal.at(-1)?.durableAtMs ?? 0, nowMs + delay());
    this.#journal.push({ entry, durableAtMs, confirm, confirmAtMs: durableAtMs + delay() });
  }
}
