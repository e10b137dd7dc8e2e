import type { Me } from "@causeway/wire-contract/identity";
import { useNavigate } from "@tanstack/react-router";
import { firstIdentity, identityTitle } from "../lib/identities.ts";
import type { ThemeChoice } from "../lib/theme.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuRule } from "../ui/menu.tsx";
import { useConsole, useTheme } from "./console-context.ts";

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Who is signed in, until when, how the page looks, and the way out. */
export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut(): void }) {
  const { theme } = useConsole();
  const { choice } = useTheme();
  const navigate = useNavigate();
  const { name } = firstIdentity(me).person;
  const isUnproven = me.identities.some(({ person }) => !person.proven);
  const ends = new Date(me.endsAt).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button type="button" className="rail-avatar" aria-label={`You, signed in as ${name}`} title={name}>
          {/* drawn, not written: what is read on the button is part of its name */}
          <span className="av" aria-hidden="true" data-letter={name.slice(0, 1)} />
          <span className="rail-word" aria-hidden="true">
            You
          </span>
        </button>
      }
    >
      <div className="account-card">
        <b className="med">{name}</b>
        {me.identities.map((identity) => (
          <span key={identity.id} className="t12 t2" title={identity.person.arn}>
            {identityTitle(identity)}
            {!identity.person.proven && <span className="t3"> · name unverified</span>}
            {identity.state === "expired" && <span className="warn-text"> · credentials ended</span>}
          </span>
        ))}
        {isUnproven && (
          <span className="t12 t3">
            Unverified: whoever assumed this role chose the name. It owns only the sessions of this login.
          </span>
        )}
        <span className="t12 t3">Signed in until {ends}</span>
      </div>
      <MenuRule />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice label="Theme" value={choice} options={THEMES} onChange={(next) => theme.choose(next)} />
      <MenuRule />
      <MenuItem onSelect={() => void navigate({ to: "/settings" })}>Settings</MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/shared" })}>Shared terminals</MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/aws-sessions" })}>Your other sessions in AWS</MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/logins" })}>Where you are signed in</MenuItem>
      <MenuItem onSelect={onSignOut}>Sign out</MenuItem>
    </Menu>
  );
}
