/** As whom the list is read: account, environment and role, always visible; the menu chooses and adds. */
import type { IdentityView } from "@causeway/wire-contract/identity";
import { useRef } from "react";
import { Icon } from "../../lib/icons.tsx";
import { accountWord, environmentOfAccount, identityTitle } from "../../lib/identities.ts";
import { Menu, MenuChecks, MenuChoice, MenuItem, MenuLabel, MenuRule, Submenu } from "../../ui/menu.tsx";

interface Props {
  identities: readonly IdentityView[];
  /** Those shown, at least one of them. */
  shown: readonly IdentityView[];
  /** This server talks to an endpoint of its own, not to AWS. */
  customEndpoint: boolean;
  onShown(ids: readonly string[]): void;
  onAdd(): void;
}

export function IdentityMenu({ identities, shown, customEndpoint, onShown, onAdd }: Props) {
  const trigger = useRef<HTMLButtonElement>(null);
  const adding = useRef(false);
  const [only] = shown.length === 1 ? shown : [];
  const environment = only && environmentOfAccount(only);
  const accounts = [...new Set(shown.map(accountWord))].join(", ");
  const all = identities.map(({ id }) => id);
  return (
    <Menu
      onClosed={() => {
        // the panel to sign in has the keyboard then
        if (!adding.current) trigger.current?.focus();
        adding.current = false;
      }}
      trigger={
        <button
          ref={trigger}
          type="button"
          className="scopebtn grow"
          title={only ? `${only.person.arn}, account ${only.person.account}` : shown.map(identityTitle).join("\n")}
        >
          <span className="bar" />
          <span className="t grow">
            <span className="a">
              <span className="sr">Work as </span>
              <span className="trunc num">{only ? accountWord(only) : `${shown.length} identities`}</span>
              {environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
            </span>
            <span className="b">
              <span className="trunc">
                {only ? only.person.role : accounts}
                {only && !only.person.proven && " · name unverified"}
              </span>
              {customEndpoint && (
                <span className="env e-sandbox" title="This server talks to an endpoint of its own, not to AWS">
                  {only?.method === "ready-made" ? "sandbox" : "not AWS"}
                </span>
              )}
            </span>
          </span>
          <Icon name="down" size="xs" />
        </button>
      }
    >
      <MenuLabel>Work as</MenuLabel>
      <MenuChoice
        label="Work as"
        value={only?.id ?? ""}
        onChange={(id) => onShown([id])}
        options={identities.map((identity) => ({ value: identity.id, label: <IdentityLabel identity={identity} /> }))}
      />
      {identities.length > 1 && (
        <>
          <MenuRule />
          <Submenu label="Several at once">
            <MenuChecks
              values={shown.map(({ id }) => id)}
              onChange={(ids) => {
                if (ids.length > 0) onShown(ids);
              }}
              options={identities.map((identity) => ({
                value: identity.id,
                label: <IdentityLabel identity={identity} />,
              }))}
            />
          </Submenu>
          <MenuItem onSelect={() => onShown(all)}>All {identities.length} identities</MenuItem>
        </>
      )}
      <MenuRule />
      <MenuItem
        icon="plus"
        onSelect={() => {
          adding.current = true;
          onAdd();
        }}
      >
        Sign in with another role
      </MenuItem>
    </Menu>
  );
}

/** Account and role, who, and what is wrong; in menus. */
export function IdentityLabel({ identity }: { identity: IdentityView }) {
  const environment = environmentOfAccount(identity);
  const { account, name, role } = identity.person;
  return (
    <span className={`identity-label e-${environment?.colour ?? "none"}`}>
      <span className="bar" />
      <span>
        <span className="identity-line">
          <span className="med">{accountWord(identity)}</span>
          {environment && <span className="env">{environment.word}</span>}
          {identity.state !== "usable" && (
            <span className="t12 warn-text">{identity.state === "expired" ? "ended" : "ends soon"}</span>
          )}
        </span>
        <span className="identity-line t12 t3">
          {role} · {name}
          {identity.accountName !== undefined && <span className="num">{account}</span>}
        </span>
      </span>
    </span>
  );
}
