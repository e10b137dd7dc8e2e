import type { PresentPerson } from "@causeway/wire-contract/sharing";

/** Colours of the tokens, `--presence-1` to this one; the server counts from 0 and goes on. */
const COLOURS = 8;

/** A person's initial in the colour that is hers for the session; an amber ring: she has the keyboard. */
export function PresenceAvatar({ person, small = false }: { person: PresentPerson; small?: boolean }) {
  const holds = person.keyboard === "holding" || person.keyboard === "owner-away";
  return (
    <span
      className={`av${small ? " sm" : ""}${holds ? " holding" : ""}${person.connected ? "" : " away"}`}
      aria-hidden="true"
      data-letter={person.name.slice(0, 1)}
      style={{ background: `var(--presence-${1 + (person.colour % COLOURS)})` }}
    />
  );
}
