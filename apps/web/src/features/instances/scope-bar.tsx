import type { Me } from "@causeway/wire-contract/identity";
import { Icon } from "../../lib/icons.tsx";
import { Menu, MenuChoice, MenuLabel } from "../../ui/menu.tsx";

interface Props {
  me: Me;
  region: string;
  onRegion(region: string): void;
}

/** Whose permissions, which account, which region: always visible. */
export function ScopeBar({ me, region, onRegion }: Props) {
  const { account, role, arn, proven } = me.person;
  const regionName = me.regions.find(({ id }) => id === region)?.name ?? "";
  return (
    <div className={me.customEndpoint ? "scope e-sandbox" : "scope e-none"}>
      <div className="scopebtn grow" title={`${arn}, account ${account}`}>
        <span className="bar" />
        <span className="t grow">
          <span className="a">
            <span className="trunc num">{account}</span>
          </span>
          <span className="b">
            <span className="trunc">
              {role}
              {!proven && " · name unverified"}
            </span>
            {me.customEndpoint && (
              <span className="env" title="This server talks to an endpoint of its own, not to AWS">
                {me.method === "ready-made" ? "sandbox" : "not AWS"}
              </span>
            )}
          </span>
        </span>
      </div>
      <Menu
        align="end"
        trigger={
          <button type="button" className="scopebtn">
            <span className="t">
              <span className="a mono">
                <span className="sr">Region </span>
                {region}
              </span>
              <span className="b">
                <span className="trunc">{regionName}</span>
              </span>
            </span>
            <Icon name="down" size="xs" />
          </button>
        }
      >
        <MenuLabel>Region</MenuLabel>
        <MenuChoice
          label="Region"
          value={region}
          onChange={onRegion}
          options={me.regions.map(({ id, name }) => ({
            value: id,
            label: (
              <>
                <span className="mono">{id}</span> <span className="t3">{name}</span>
              </>
            ),
          }))}
        />
      </Menu>
    </div>
  );
}
