/**
 * What goes wrong on purpose between the two ends of one session: carries its frames through bad links, and cuts its sockets.
 * Which frames, when and how is the plan's business (faults/); this gives it sockets and a clock.
 */
import type { Cut, Direction } from "../faults/fault-plan.ts";
import type { Faults, WatchedSession } from "../faults/faults.ts";
import type { FaultyLink } from "../faults/faulty-link.ts";
import type { SessionCut, SessionFaults, SessionPlace } from "../faults/session-faults.ts";
import type { GatewayTimers } from "./gateway-timers.ts";

export interface RelayFaultsDeps {
  nowMs(): number;
  timers: GatewayTimers;
  /** To the other end, as if it had come just now. */
  forward(direction: Direction, frame: Uint8Array): void;
  /** @returns how many sockets it met */
  cut(cut: Cut): number;
}

interface Lane {
  readonly link: FaultyLink;
  cancelTimer: () => void;
}

interface FrameCut {
  readonly cut: SessionCut;
  framesLeft: number;
  timesLeft: number;
}

export class RelayFaults {
  readonly #deps: RelayFaultsDeps;
  readonly #watched: WatchedSession;
  #lanes: Partial<Record<Direction, Lane>> = {};
  #frameCuts: FrameCut[] = [];
  readonly #cancelIntervals = new Set<() => void>();

  constructor(faults: Faults, place: SessionPlace, deps: RelayFaultsDeps) {
    this.#deps = deps;
    this.#watched = faults.watchSession(place, () => {
      this.#stop();
      this.#begin();
    });
    this.#begin();
  }

  get plan(): SessionFaults {
    return this.#watched.faults;
  }

  /** Forwards a frame now, later, twice or never. */
  carry(direction: Direction, frame: Uint8Array): void {
    const lane = this.#lanes[direction];
    if (lane === undefined) this.#deps.forward(direction, frame);
    else {
      lane.link.handleFrame(frame, this.#deps.nowMs());
      this.#pump(direction, lane);
    }
    for (const frameCut of this.#frameCuts) this.#countFrame(frameCut);
  }

  /** What is under way arrives at once: nothing may come after the end of the session. */
  release(direction: Direction): void {
    const lane = this.#lanes[direction];
    if (lane === undefined) return;
    lane.cancelTimer();
    for (const frame of lane.link.takeAll()) this.#deps.forward(direction, frame);
  }

  close(): void {
    this.#stop();
    this.#watched.close();
  }

  #begin(): void {
    for (const direction of ["toAgent", "toClient"] as const) {
      const link = this.plan.link(direction);
      if (link) this.#lanes[direction] = { link, cancelTimer: () => {} };
    }
    for (const cut of this.plan.cuts()) {
      const { afterFrames, everyMs, times } = cut.rule;
      if (afterFrames !== undefined) this.#frameCuts.push({ cut, framesLeft: afterFrames, timesLeft: times });
      if (everyMs !== undefined) this.#cutAfterInterval(cut, everyMs, 0);
    }
  }

  #stop(): void {
    this.release("toAgent");
    this.release("toClient");
    this.#lanes = {};
    this.#frameCuts = [];
    for (const cancel of this.#cancelIntervals) cancel();
    this.#cancelIntervals.clear();
  }

  #pump(direction: Direction, lane: Lane): void {
    lane.cancelTimer();
    const nowMs = this.#deps.nowMs();
    for (let frame = lane.link.pollFrame(nowMs); frame; frame = lane.link.pollFrame(nowMs))
      this.#deps.forward(direction, frame);
    const { timeoutMs } = lane.link;
    if (timeoutMs === undefined) return;
    lane.cancelTimer = this.#deps.timers.after(Math.max(0, timeoutMs - nowMs), () => this.#pump(direction, lane));
  }

  #countFrame(frameCut: FrameCut): void {
    if (frameCut.timesLeft === 0 || --frameCut.framesLeft > 0) return;
    const { rule } = frameCut.cut;
    frameCut.framesLeft = rule.afterFrames ?? 0;
    if (this.#deps.cut(rule) === 0) return;
    frameCut.timesLeft--;
    frameCut.cut.count();
  }

  /** @param index of the interval; one that finds no socket counts as an interval, not as a cut */
  #cutAfterInterval(cut: SessionCut, everyMs: number, index: number, timesLeft = cut.rule.times): void {
    const jitterMs = Math.floor(cut.draws(index) * ((cut.rule.jitterMs ?? 0) + 1));
    const cancel = this.#deps.timers.after(everyMs + jitterMs, () => {
      this.#cancelIntervals.delete(cancel);
      const isCut = this.#deps.cut(cut.rule) > 0;
      if (isCut) cut.count();
      const left = timesLeft - (isCut ? 1 : 0);
      if (left > 0) this.#cutAfterInterval(cut, everyMs, index + 1, left);
    });
    this.#cancelIntervals.add(cancel);
  }
}
