/** What opening a shell consists of, as far as this page can see it: started in AWS, channel open, shell. Pure. */
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import type { ConnectingStep, ConnectingStepName } from "./terminal-types.ts";

const ORDER: readonly ConnectingStepName[] = ["session", "channel", "shell"];

export class ConnectingSteps {
  #done: { name: ConnectingStepName; tookMs?: number }[] = [];
  #activeSinceMs: number;

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
    if (channel === "open") this.finish("shell", nowMs);
  }

  snapshot(): readonly ConnectingStep[] {
    const active = ORDER.find((name) => !this.#done.some((step) => step.name === name));
    return ORDER.map((name) => {
      const done = this.#done.find((step) => step.name === name);
      if (done) return { ...done, state: "done" };
      return { name, state: name === active ? "active" : "waiting" };
    });
  }
}
