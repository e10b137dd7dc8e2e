import type { Session } from "@causeway/wire-contract/sessions";

/**
 * Which sessions get a tab when the page opens, and in which order. Pure.
 *
 * Live ones always do: no shell may be lost from sight. Ended ones do where this browser had them open, so that the
 * person reads why; a tab that was closed on purpose stays closed.
 *
 * @param order session ids as this browser remembers its tabs, left to right
 */
export function restorableSessions(sessions: readonly Session[], order: readonly string[]): Session[] {
  const position = new Map(order.map((id, index) => [id, index]));
  return sessions
    .filter((session) => session.ended === undefined || position.has(session.id))
    .sort(
      (a, b) =>
        (position.get(a.id) ?? Number.POSITIVE_INFINITY) - (position.get(b.id) ?? Number.POSITIVE_INFINITY) ||
        a.startedAt - b.startedAt,
    );
}
