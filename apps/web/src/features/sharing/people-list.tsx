/** Who is at the terminal, and what an owner may do about each. */
import { ANSWER_WITHIN_MS, type PresentPerson } from "@causeway/wire-contract/sharing";
import { Button } from "../../ui/button.tsx";
import { PresenceAvatar } from "./presence-avatar.tsx";
import type { SharingView } from "./sharing-store.ts";

export type OwnerAct = "allow" | "refuse" | "take-back";

interface Props {
  view: SharingView;
  nowMs: number;
  /** Absent: this page is a viewer's. */
  onAct?(act: OwnerAct, who: string): void;
}

/** Somebody counts as typing for so long after her last key, in milliseconds. */
const TYPING_SHOWN_MS = 3_000;

export function PeopleList({ view, nowMs, onAct }: Props) {
  const { people, typist, you } = view;
  const isOwnersAlone = people.every(
    ({ mode, keyboard }) =>
      mode === undefined || (mode !== "type" && keyboard !== "holding" && keyboard !== "owner-away"),
  );
  return (
    <ul className="share-people">
      {people.map((person) => {
        const types = typist?.who === person.key && nowMs - typist.atMs < TYPING_SHOWN_MS;
        const ownsKeyboard = isOwnersAlone && person.mode === undefined && person.connected;
        return (
          <li key={person.key}>
            <PresenceAvatar person={person} ownsKeyboard={ownsKeyboard} />
            <span className="grow trunc">
              <b className="med">{person.name}</b> {person.key === you && <span className="t3">you </span>}
              {(types || ownsKeyboard) && (
                <span className="share-badge warn">{types ? "typing" : "has the keyboard"}</span>
              )}
              <span className="share-what t12 t3 num">{whatWords(person, nowMs)}</span>
            </span>
            {onAct && person.keyboard === "asked" && (
              <>
                <Button size="sm" variant="primary" onClick={() => onAct("allow", person.key)}>
                  Allow
                </Button>
                <Button size="sm" onClick={() => onAct("refuse", person.key)}>
                  Not now
                </Button>
              </>
            )}
            {onAct && (person.keyboard === "holding" || person.keyboard === "owner-away") && (
              <Button size="sm" onClick={() => onAct("take-back", person.key)}>
                Take back
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** "Owner", "Watching", "Asks to type, 24 s left", "111122223333, unverified". */
function whatWords(person: PresentPerson, nowMs: number): string {
  const words = [person.mode === undefined ? "Owner" : stateWords(person, nowMs)];
  if (!person.connected) words.push("away");
  words.push(person.account);
  if (!person.proven) words.push("unverified");
  return words.join(" · ");
}

function stateWords({ mode, keyboard, until }: PresentPerson, nowMs: number): string {
  if (mode === "type") return "May type";
  if (keyboard === "asked" && until !== undefined)
    // the page's second may lag behind the server's: never more than there ever was
    return `Asks to type, ${Math.ceil(Math.min(ANSWER_WITHIN_MS, Math.max(0, until - nowMs)) / 1000)}\u00a0s left`;
  return keyboard === "holding" || keyboard === "owner-away" ? "Has the keyboard" : "Watching";
}
