import { useEffect } from "react";
import { Icon } from "../../lib/icons.tsx";
import type { AccountGroup } from "./portal-groups.ts";

interface Props {
  id: string;
  groups: readonly AccountGroup[];
  selectedId: string | undefined;
  onSelect(accountId: string): void;
}

/** One list with groups; the focus stays in the search field, which names the active option. */
export function PortalAccountList({ id, groups, selectedId, onSelect }: Props) {
  useEffect(() => {
    if (selectedId !== undefined) document.getElementById(`${id}-${selectedId}`)?.scrollIntoView({ block: "nearest" });
  }, [id, selectedId]);
  return (
    <div role="listbox" id={`${id}-accounts`} aria-label="Accounts" className="pick-list">
      {groups.map(({ title, accounts }) => (
        <div key={title}>
          <div className="pick-group" aria-hidden="true">
            {title === "Recent" && <Icon name="clock" size="sm" />}
            {title === "Favourites" && <Icon name="star" size="sm" />}
            {title}
          </div>
          {accounts.map((account) => (
            <div
              key={account.id}
              role="option"
              id={`${id}-${account.id}`}
              aria-selected={account.id === selectedId}
              className={`pick-account e-${account.environment?.colour ?? "none"}`}
              tabIndex={-1}
              // Before the focus would leave the search field, whose keys go on working.
              onMouseDown={(event) => {
                event.preventDefault();
                onSelect(account.id);
              }}
            >
              <span className="pick-bar" />
              <span className="pick-name">
                <span className="med trunc">{account.name || account.id}</span>
                {account.environment && account.environment.colour !== "none" && (
                  // the setting's name is the account's, which stands beside it
                  <span className="env">{account.environment.colour}</span>
                )}
                <span className="t3 mono pick-id">{account.id}</span>
              </span>
              <span className="t3 num pick-roles-count">{rolesText(account)}</span>
              <Icon name="right" size="sm" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function rolesText({ roles, rolesUnknown }: { roles?: readonly string[]; rolesUnknown?: boolean }): string {
  if (roles === undefined) return rolesUnknown ? "roles unknown" : "…";
  return `${roles.length} ${roles.length === 1 ? "role" : "roles"}`;
}
