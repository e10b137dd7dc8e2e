// One direction of a network that drops, repeats, reorders and delays frames. Virtual time; the chances are seeded.

export interface LinkFaults {
  /** Chances of 0..1, each drawn for every frame. */
  drop: number;
  repeat: number;
  reorder: number;
  delay: number;
}

export const NO_FAULTS: LinkFaults = { drop: 0, repeat: 0, reorder: 0, delay: 0 };
export const evenFaults = (chance: number): LinkFaults => ({
  drop: chance,
  repeat: chance,
  reorder: chance,
  delay: chance,
});

/** One way of an undisturbed frame. */
const LATENCY_MS = 20;
/** A reordered frame lets others overtake it for up to this long. */
const REORDER_MS_MAX = 60;
/** A delayed frame is as late as a congested link may be, well beyond any timeout of the ends. */
const DELAY_MS_MAX = 1_500;

export class LossyLink {
  readonly #faults: LinkFaults;
  readonly #random: () => number;
  #inFlight: { atMs: number; frame: Uint8Array }[] = [];
  /** Undisturbed frames keep their order. */
  #lastAtMs = 0;

  constructor(faults: LinkFaults, random: () => number) {
    this.#faults = faults;
    this.#random = random;
  }

  send(frame: Uint8Array, nowMs: number): void {
    const copies = this.#happens(this.#faults.repeat) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (!this.#happens(this.#faults.drop)) this.#inFlight.push({ atMs: this.#arrivalMs(nowMs), frame });
    }
  }

  /** What has arrived by now, in the order of arrival. */
  take(nowMs: number): Uint8Array[] {
    const arrived = this.#inFlight.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#inFlight = this.#inFlight.filter(({ atMs }) => atMs > nowMs);
    return arrived.map(({ frame }) => frame);
  }

  /** The connection is cut: what is on its way is gone. */
  cut(): void {
    this.#inFlight = [];
  }

  get nextArrivalMs(): number | undefined {
    return this.#inFlight.length === 0 ? undefined : Math.min(...this.#inFlight.map(({ atMs }) => atMs));
  }

  #arrivalMs(nowMs: number): number {
    if (this.#happens(this.#faults.delay)) return nowMs + LATENCY_MS + this.#random() * DELAY_MS_MAX;
    if (this.#happens(this.#faults.reorder)) return nowMs + LATENCY_MS + this.#random() * REORDER_MS_MAX;
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs + LATENCY_MS);
    return this.#lastAtMs;
  }

  #happens(chance: number): boolean {
    return this.#random() < chance;
  }
}
