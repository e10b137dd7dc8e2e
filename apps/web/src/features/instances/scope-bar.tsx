import type { Me } from "@causeway/wire-contract/identity";
import { Icon } from "../../lib/icons.tsx";
import { Menu, MenuChecks, MenuChoice, MenuItem, MenuLabel, MenuRule, Submenu } from "../../ui/menu.tsx";

interface Props {
  me: Me;
  /** The regions shown, at least one. */
  regions: readonly string[];
  onRegions(regions: readonly string[]): void;
}

/** Whose permissions, which account, which region: always visible. */
export function ScopeBar({ me, regions, onRegions }: Props) {
  const { account, role, arn, proven } = me.person;
  const [only] = regions.length === 1 ? regions : [];
  const names = me.regions.filter(({ id }) => regions.includes(id)).map(({ name }) => name);
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
                {only ?? `${regions.length} regions`}
              </span>
              <span className="b">
                <span className="trunc">{names.join(", ")}</span>
              </span>
            </span>
            <Icon name="down" size="xs" />
          </button>
        }
      >
        <MenuLabel>Region</MenuLabel>
        <MenuChoice
          label="Region"
          value={only ?? ""}
          onChange={(region) => onRegions([region])}
          options={me.regions.map(({ id, name }) => ({ value: id, label: <RegionLabel id={id} name={name} /> }))}
        />
        <MenuRule />
        <Submenu label="Several regions">
          <MenuChecks
            values={regions}
            onChange={(next) => {
              if (next.length > 0) onRegions(next);
            }}
            options={me.regions.map(({ id, name }) => ({ value: id, label: <RegionLabel id={id} name={name} /> }))}
          />
        </Submenu>
        <MenuItem onSelect={() => onRegions(me.regions.map(({ id }) => id))}>All regions</MenuItem>
      </Menu>
    </div>
  );
}

function RegionLabel({ id, name }: { id: string; name: string }) {
  return (
    <>
      <span className="mono">{id}</span> <span className="t3">{name}</span>
    </>
  );
}
