/**
 * What an agent with faults does between its channel and its socket: acknowledges late, and forgets what it has sent.
 * Without faults nobody makes one.
 */
import { randomUUID } from "node:crypto";
import {
  buildAcknowledge,
  encodeAgentMessage,
  MESSAGE_TYPE,
  readAcknowledge,
  readFrame,
  type Transmit,
} from "@causeway/ssm-data-channel";
import type { AgentFaults } from "../faults/faults.ts";

/** Acknowledgements that wait; one beyond is never sent, as if lost: its message comes again. */
export const LATE_ACKNOWLEDGEMENTS_MAX = 4_096;

export interface AgentOutletDeps {
  faults: AgentFaults;
  send(transmit: Transmit): void;
  /** Hands the channel an acknowledgement that nobody sent. */
  forget(acknowledgement: Uint8Array): void;
  nowMs(): number;
}

export class AgentOutlet {
  readonly #deps: AgentOutletDeps;
  readonly #late = new Set<NodeJS.Timeout>();
  /** Unacknowledged output that the agent keeps. */
  readonly #kept = new Set<number>();
  #highestSent = -1;

  constructor(deps: AgentOutletDeps) {
    this.#deps = deps;
  }

  /** In the place of sending. */
  handleTransmit(transmit: Transmit): void {
    if (transmit.kind === "text") {
      this.#deps.send(transmit);
      return;
    }
    const { messageType, sequenceNumber } = readFrame(transmit.frame, noDigest);
    if (messageType === MESSAGE_TYPE.acknowledge) this.#acknowledge(transmit);
    else this.#deps.send(transmit);
    if (messageType === MESSAGE_TYPE.outputStreamData) this.#keepOrForget(sequenceNumber);
  }

  /** Before the channel gets it. */
  handleReceived(data: Uint8Array): void {
    if (this.#kept.size === 0) return;
    const frame = readFrame(data, noDigest);
    if (frame.messageType !== MESSAGE_TYPE.acknowledge) return;
    const acknowledge = readAcknowledge(frame.payload);
    if (acknowledge) this.#kept.delete(acknowledge.sequenceNumber);
  }

  close(): void {
    for (const timer of this.#late) clearTimeout(timer);
    this.#late.clear();
  }

  #acknowledge(transmit: Transmit): void {
    const { faults, send } = this.#deps;
    if (faults.acknowledgeDelayMs === undefined) {
      send(transmit);
      return;
    }
    if (this.#late.size >= LATE_ACKNOWLEDGEMENTS_MAX) return;
    faults.count("acknowledged_late");
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      send(transmit);
    }, faults.acknowledgeDelayMs);
    this.#late.add(timer);
  }

  /** As the real agent does when its buffer is full (data-channel.md §6.2), only sooner. */
  #keepOrForget(sequenceNumber: number): void {
    const { faults, forget, nowMs } = this.#deps;
    if (faults.keepsFrames === undefined || sequenceNumber <= this.#highestSent) return;
    this.#highestSent = sequenceNumber;
    if (this.#kept.size < faults.keepsFrames) {
      this.#kept.add(sequenceNumber);
      return;
    }
    faults.count("forgotten");
    const messageType = MESSAGE_TYPE.outputStreamData;
    forget(
      encodeAgentMessage({
        messageType: MESSAGE_TYPE.acknowledge,
        createdDate: nowMs(),
        sequenceNumber: 0,
        messageId: randomUUID(),
        payload: buildAcknowledge({ messageType, messageId: randomUUID(), sequenceNumber }),
      }),
    );
  }
}

const NO_DIGEST = new Uint8Array(0);
/** The channel itself checks the digest; here only a few fields are looked at. */
const noDigest = (): Uint8Array => NO_DIGEST;
