import type { PortalAccount } from "@causeway/wire-contract/identity-center";
import { type ReactNode, useId } from "react";
import { Icon } from "../../lib/icons.tsx";

interface Props {
  account: PortalAccount | undefined;
  roleName: string | undefined;
  onRole(name: string): void;
  /** Below the roles. */
  children?: ReactNode;
}

export function PortalRoleList({ account, roleName, onRole, children }: Props) {
  const group = useId();
  if (account === undefined) return <div className="pick-side">{children}</div>;
  const name = account.name || account.id;
  return (
    <div className="pick-side">
      <fieldset className="pick-roles">
        <legend className="t3 med pick-roles-title">Role in {name}</legend>
        {account.roles?.map((role) => (
          <label key={role} className="pick-role">
            <input
              type="radio"
              className="sr"
              name={group}
              value={role}
              checked={role === roleName}
              onChange={() => onRole(role)}
            />
            <span className="med breakable">{role}</span>
            {role === roleName && <Icon name="check" size="sm" />}
          </label>
        ))}
        {account.roles === undefined && (
          <p className="t3 pick-roles-title" role="status">
            {account.rolesUnknown ? "AWS did not say which roles you have here." : "Asking AWS for your roles…"}
          </p>
        )}
      </fieldset>
      {children}
    </div>
  );
}
