/**
 * What opening a shell consists of, as far as this page can see it: started in AWS, channel open, shell; between the last two
 * a key from KMS, once the server says that one is needed. Pure.
 */
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import type { ConnectingStep, ConnectingStepName } from "./terminal-types.ts";

const PLAIN: readonly ConnectingStepName[] = ["session", "channel", "shell"];
const ENCRYPTED: readonly ConnectingStepName[] = ["session", "channel", "encryption", "shell"];

export class ConnectingSteps {
  #done: { name: ConnectingStepName; tookMs?: number }[] = [];
  #activeSinceMs: number;
  #order = PLAIN;

  constructor(nowMs: number) {
    this.#activeSinceMs = nowMs;
  }

  /** @param isMeasured false: it was done before this page came, so nothing is known of its duration */
  finish(name: ConnectingStepName, nowMs: number, isMeasured = true): void {
    if (this.#done.some((step) => step.name === name)) return;
    this.#done.push(isMeasured ? { name, tookMs: nowMs - this.#activeSinceMs } : { name });
    this.#activeSinceMs = nowMs;
  }

  /** What the channel's state says about the steps. */
  handleChannel(channel: ChannelStateName, nowMs: number): void {
    if (channel !== "connecting" && channel !== "ended") this.finish("channel", nowMs);
    if (channel === "encrypting") this.#order = ENCRYPTED;
    if (channel !== "open") return;
    if (this.#order === ENCRYPTED) this.finish("encryption", nowMs);
    this.finish("shell", nowMs);
  }

  snapshot(): readonly ConnectingStep[] {
    const active = this.#order.find((name) => !this.#done.some((step) => step.name === name));
    return this.#order.map((name) => {
      const done = this.#done.find((step) => step.name === name);
      if (done) return { ...done, state: "done" };
      return { name, state: name === active ? "active" : "waiting" };
    });
  }
}
