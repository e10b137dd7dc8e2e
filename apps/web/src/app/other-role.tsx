/** Where AWS refused a role: the other roles of the account that the login has, and signing in with one more (DESIGN §9). */
import { useRef } from "react";
import { identityTitle } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuRule } from "../ui/menu.tsx";
import { useConsole } from "./console-context.ts";

interface Props {
  /** Whom AWS refused; absent: the login's first. */
  identityId: string | undefined;
  onUse(identityId: string): void;
}

export function OtherRole({ identityId, onUse }: Props) {
  const app = useConsole();
  const button = useRef<HTMLButtonElement>(null);
  const hasChosen = useRef(false);
  const others = app.identities.othersOf(identityId);
  const signIn = (): void => app.askToSignIn({ kind: "add" });
  if (others.length === 0)
    return (
      <Button variant="primary" onClick={signIn}>
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
      <MenuItem icon="plus" onSelect={choose(signIn)}>
        Sign in with another role
      </MenuItem>
    </Menu>
  );
}
