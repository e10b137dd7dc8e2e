/**
 * From "start a shell" to "it is open": the start in AWS, its steps, and what the channel's state means for the pane. Once the
 * shell was seen open, a channel that breaks is a strip on the pane and no card any more.
 */
import type { Problem } from "@causeway/wire-contract/problem";
import type { ChannelStateName, Session } from "@causeway/wire-contract/sessions";
import { ConnectingSteps } from "./connecting-steps.ts";
import { problemOf, unreachableProblem } from "./problems.ts";
import type { Size } from "./shell-size.ts";
import type { Phase, StatusStore } from "./status-store.ts";
import type { TerminalSessionDeps, TerminalTarget } from "./terminal-types.ts";

export class Opening {
  readonly #deps: Pick<TerminalSessionDeps, "api" | "clock">;
  #steps: ConnectingSteps;
  #starting: { abort: AbortController; done: Promise<void> } | undefined;
  #hasOpened = false;

  /** @param isStarted by an earlier page, so that nothing is known of how long it took */
  constructor(deps: Pick<TerminalSessionDeps, "api" | "clock">, isStarted: boolean) {
    this.#deps = deps;
    this.#steps = new ConnectingSteps(deps.clock.nowMs());
    if (isStarted) this.#steps.finish("session", deps.clock.nowMs(), false);
  }

  /** Resolves when no start is under way (any more). Never rejects. */
  get settled(): Promise<void> | undefined {
    return this.#starting?.done;
  }

  get startingPhase(): Phase {
    return { kind: "starting", steps: this.#steps.snapshot() };
  }
  get connectingPhase(): Phase {
    return { kind: "connecting", steps: this.#steps.snapshot() };
  }

  /** Asks AWS for a shell. Tells one of the two exactly once, unless it is aborted. */
  start(
    target: TerminalTarget,
    size: Size,
    tell: { begins: (phase: Phase) => void; started: (session: Session) => void; failed: (problem: Problem) => void },
  ): void {
    const { clock, api } = this.#deps;
    const { identityId, reason, documentName, region, instanceId } = target;
    const said = {
      ...(identityId === undefined ? {} : { identityId }),
      ...(reason === undefined ? {} : { reason }),
      ...(documentName === undefined ? {} : { documentName }),
    };
    const abort = new AbortController();
    this.#hasOpened = false;
    this.#steps = new ConnectingSteps(clock.nowMs());
    tell.begins(this.startingPhase);
    const done = api.startSession({ ...said, region, target: instanceId, ...size }, abort.signal).then(
      (session) => {
        this.#starting = undefined;
        this.#steps.finish("session", clock.nowMs());
        this.#steps.handleChannel(session.channel, clock.nowMs());
        tell.started(session);
      },
      (error: unknown) => {
        this.#starting = undefined;
        tell.failed(problemOf(error) ?? unreachableProblem());
      },
    );
    this.#starting = { abort, done };
  }

  /** Nobody wants the shell that is being started. */
  abort(): void {
    this.#starting?.abort.abort();
  }

  /** The server says that the shell was open before this page came. */
  handleAttached(channel: ChannelStateName): void {
    this.#hasOpened ||= channel === "paused" || channel === "lost";
  }

  handleChannel(channel: ChannelStateName, status: StatusStore): void {
    if (status.phase.kind === "ended") return;
    this.#steps.handleChannel(channel, this.#deps.clock.nowMs());
    this.#hasOpened ||= channel === "open";
    const phase: Phase = this.#hasOpened ? { kind: "open" } : this.connectingPhase;
    if (phase.kind !== "open" || status.phase.kind !== "open") status.setPhase(phase);
  }
}
