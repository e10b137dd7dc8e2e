/** Where AWS refused a role: the other roles of the account that the login has, and signing in with one more (DESIGN §9). */
import type { IdentityView } from "@causeway/wire-contract/identity";
import { useRef } from "react";
import { identityTitle } from "../../lib/identities.ts";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuRule } from "../../ui/menu.tsx";

interface Props {
  /** Of the same account, without the one that was refused. */
  others: readonly IdentityView[];
  onUse(identityId: string): void;
  onSignIn(): void;
}

export function OtherRole({ others, onUse, onSignIn }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const hasChosen = useRef(false);
  if (others.length === 0)
    return (
      <Button variant="primary" onClick={onSignIn}>
        Use another role
      </Button>
    );
  const choose = (act: () => void) => () => {
    hasChosen.current = true;
    act();
  };
  return (
    <Menu
      trigger={
        <Button ref={button} variant="primary">
          Use another role
        </Button>
      }
      onClosed={() => {
        // whoever chose is in the terminal, or in the panel for signing in
        if (!hasChosen.current) button.current?.focus();
        hasChosen.current = false;
      }}
    >
      {others.map((identity) => (
        <MenuItem key={identity.id} icon="user" onSelect={choose(() => onUse(identity.id))}>
          {identityTitle(identity)}
        </MenuItem>
      ))}
      <MenuRule />
      <MenuItem icon="plus" onSelect={choose(onSignIn)}>
        Sign in with another role
      </MenuItem>
    </Menu>
  );
}
