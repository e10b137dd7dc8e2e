/**
 * The terminal session without a page, for programs that drive it from Node: the same object as in the browser, with an
 * emulator of the caller's. Nothing that is exported here may need a document.
 */
export { SessionCore } from "./features/terminal/session-core.ts";
export type { Surface, SurfaceEvents } from "./features/terminal/surface.ts";
export type {
  PageSignals,
  TerminalClock,
  TerminalSessionDeps,
  TerminalStatus,
  WebSocketLike,
} from "./features/terminal/terminal-types.ts";
export { Api } from "./lib/api.ts";
export { ApiClient } from "./lib/api-client.ts";
