/** A terminal session with the real emulator: what the rest of the console makes and holds. */
import type { Session } from "@causeway/wire-contract/sessions";
import { SessionCore } from "./session-core.ts";
import { TerminalSurface } from "./terminal-surface.ts";
import type { TerminalSessionDeps, TerminalTarget } from "./terminal-types.ts";

export type {
  PageSignals,
  TerminalApi,
  TerminalClock,
  TerminalNotice,
  TerminalSessionDeps,
  TerminalStatus,
  TerminalTarget,
  WebSocketLike,
} from "./terminal-types.ts";

export class TerminalSession extends SessionCore {
  /**
   * @param existing a session that the server already holds (after a reload): it is attached at once; undefined: a new
   *   one is started at the first `attach`, when the size is known
   */
  constructor(target: TerminalTarget, existing: Session | undefined, deps: TerminalSessionDeps) {
    super(target, existing, deps, (events) => new TerminalSurface(events, deps.shared?.guest !== undefined));
  }
}
