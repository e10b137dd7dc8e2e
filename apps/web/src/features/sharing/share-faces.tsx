import type { PresentPerson } from "@causeway/wire-contract/sharing";
import { PresenceAvatar } from "./presence-avatar.tsx";

/** Faces in a row; more people are counted. */
const FACES_MAX = 3;

/** Who is at a terminal beside its owner. Nothing while nobody is. */
export function ShareFaces({ people }: { people: readonly PresentPerson[] }) {
  const viewers = people.filter(({ mode }) => mode !== undefined);
  if (viewers.length === 0) return null;
  return (
    <span className="share-faces" role="img" aria-label={`With you: ${viewers.map(({ name }) => name).join(", ")}`}>
      {viewers.slice(0, FACES_MAX).map((person) => (
        <PresenceAvatar key={person.key} person={person} small />
      ))}
      {viewers.length > FACES_MAX && <span className="t11 t2 num">+{viewers.length - FACES_MAX}</span>}
    </span>
  );
}
