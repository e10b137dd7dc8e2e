import type { PresentPerson } from "@causeway/wire-contract/sharing";

/** Colours of the tokens, `--presence-1` to this one; the server counts from 0 and goes on. */
const COLOURS = 8;

interface Props {
  person: PresentPerson;
  small?: boolean;
  /** The owner, while nobody else has the keyboard. */
  ownsKeyboard?: boolean;
}

/** A person's initial in the colour that is hers for the session; an amber ring: she has the keyboard. */
export function PresenceAvatar({ person, small = false, ownsKeyboard = false }: Props) {
  const holds = ownsKeyboard || person.keyboard === "holding" || person.keyboard === "owner-away";
  return (
    <span
      className={`av${small ? " sm" : ""}${holds ? " holding" : ""}${person.connected ? "" : " away"}`}
      aria-hidden="true"
      data-letter={person.name.slice(0, 1)}
      style={{ background: `var(--presence-${1 + (person.colour % COLOURS)})` }}
    />
  );
}
