import type { Me } from "@causeway/wire-contract/identity";
import { Link } from "@tanstack/react-router";
import { firstIdentity, identityTitle } from "../lib/identities.ts";

/** Who is signed in and as what, until when, and where else. */
export function SettingsProfile({ me }: { me: Me }) {
  const { name } = firstIdentity(me).person;
  const ends = new Date(me.endsAt).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return (
    <>
      <div className="setting">
        <span className="setting-label">Name</span>
        <b className="med">{name}</b>
      </div>
      {me.identities.map((identity) => (
        <div key={identity.id} className="setting">
          <span className="setting-label">{identityTitle(identity)}</span>
          <code className="t12">{identity.person.arn}</code>
          {!identity.person.proven && <span className="t12 t3">name unverified</span>}
        </div>
      ))}
      <div className="setting">
        <span className="setting-label">Signed in until</span>
        <span>{ends}</span>
        <Link to="/logins">Where you are signed in</Link>
      </div>
    </>
  );
}
