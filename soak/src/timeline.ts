/** Carries out the events of a schedule at their times, types meanwhile, and makes all well again. */
import type { FaultProxy } from "./fault-proxy.ts";
import type { Person } from "./person.ts";
import type { Schedule, TimedEvent, WireFault } from "./schedule.ts";
import type { SchedulePage } from "./schedule-page.ts";
import type { PageRole } from "./soak-page.ts";
import type { Stack } from "./stack.ts";
import { passed } from "./waiting.ts";

/** A sign-in over a bad network is tried again after so long without an answer, in milliseconds. */
const SIGN_IN_TRY_MS = 3_000;

export interface TimelineDeps {
  stack: Stack;
  person: Person;
  personId: string;
  trace: (line: string) => void;
  /** Who types; changes when the browser is killed. */
  firstPage: () => SchedulePage;
  openPage: (role: PageRole) => SchedulePage;
}

export class Timeline {
  readonly #deps: TimelineDeps;
  /** What is still under way: each ends by itself. */
  readonly #running: Promise<void>[] = [];
  #hasExpired = false;
  /** The program was seen to run. */
  #hasBegun = false;
  #second: SchedulePage | undefined;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
  }

  /** Resolves when the time of trouble is over. */
  async play({ events, typing, faultMs }: Schedule): Promise<void> {
    const startedAtMs = Date.now();
    const at = async (ms: number, act: () => void | Promise<void>) => {
      await passed(Math.max(0, startedAtMs + ms - Date.now()));
      await act();
    };
    const acts = events.map((event) => at(event.atMs, () => this.#start(event)));
    const keys = typing.map(({ atMs, keys: count, enter }) => at(atMs, () => this.#type(count, enter)));
    await Promise.all([...acts, ...keys, at(faultMs, () => undefined)]);
  }

  /** All faults end; the server runs, and the person has keys that work. */
  async heal(): Promise<void> {
    const { stack, person, personId } = this.#deps;
    await stack.control.setFaults({});
    for (const wire of [stack.browserWire, stack.awsWire]) wire.heal();
    await Promise.all(this.#running);
    for (const wire of [stack.browserWire, stack.awsWire]) wire.heal(); // what ended late may have begun late
    stack.thaw();
    stack.setServerClock(0);
    await stack.startServer();
    if (!this.#hasExpired) return;
    await stack.control.renewKeys(personId);
    await signInUntilIn(person, () => stack.control.keysOf(personId));
  }

  #start(event: TimedEvent): void {
    this.#deps.trace(`> ${JSON.stringify(event)}`);
    this.#running.push(this.#carryOut(event));
  }

  async #carryOut(event: TimedEvent): Promise<void> {
    const { stack, person, personId, firstPage, openPage } = this.#deps;
    switch (event.kind) {
      case "cut-channel":
        await stack.control.cut({ end: event.end, how: event.how, forMs: event.forMs });
        return;
      case "wire":
        return breakWire(event.wire === "browser" ? stack.browserWire : stack.awsWire, event.fault);
      case "kill-server":
        for (const aliveMs of [0, ...event.againAfterMs]) {
          await passed(aliveMs);
          await stack.stopServer(event.signal);
          await passed(event.downMs);
          await stack.startServer();
        }
        return;
      case "freeze-server":
        stack.freezeServer();
        if (event.everything) stack.freezeSandbox();
        await passed(event.forMs);
        if (event.everything) firstPage().sleep(event.forMs);
        stack.thaw();
        return;
      case "expire-credentials":
        this.#hasExpired = true;
        await stack.control.expireKeys(personId);
        await passed(event.signInAfterMs);
        await stack.control.renewKeys(personId);
        return signInUntilIn(person, () => stack.control.keysOf(personId));
      case "kill-browser":
        // The command that starts the program may not be lost, or nobody could tell what became of the rest.
        if (firstPage().keys.isCommandPending) return;
        firstPage().kill();
        openPage("first");
        return;
      case "second-page":
        this.#second ??= openPage("second");
        return;
      case "set-clock":
        stack.setServerClock(event.byMs);
        return;
      case "sleep":
        firstPage().sleep(event.ms);
        return;
      default:
        event satisfies never;
    }
  }

  async #type(count: number, enter: boolean): Promise<void> {
    const page = this.#deps.firstPage();
    this.#hasBegun ||= page.hasBegun;
    if (!this.#hasBegun) return; // the shell would take them for a command
    await page.typeKeys(count, enter);
    if (this.#second !== undefined && count === 1) await this.#second.typeKeys(1, false);
  }
}

async function breakWire(wire: FaultProxy, fault: WireFault): Promise<void> {
  switch (fault.kind) {
    case "cut":
      wire.cut();
      return;
    case "half-open":
      wire.halfOpen();
      return;
    case "stall":
      wire.stall(fault.forMs);
      return;
    case "delay":
      wire.setDelay(fault.ms);
      break;
    case "throttle":
      wire.setThrottle(fault.bytesPerSecond);
      break;
    case "refuse":
      wire.setRefusing(true);
      break;
    default:
      fault satisfies never;
  }
  await passed(fault.forMs);
  wire.heal();
}

/** A person who is not let in tries again. */
async function signInUntilIn(person: Person, keys: () => Parameters<Person["signIn"]>[0]): Promise<void> {
  for (let isIn = false; !isIn; )
    isIn = await Promise.race([
      person.signIn(keys()).then(
        () => true,
        () => passed(500).then(() => false),
      ),
      passed(SIGN_IN_TRY_MS).then(() => false),
    ]);
}
