import type { IdentityView, Me } from "@causeway/wire-contract/identity";
import { Icon } from "../../lib/icons.tsx";
import { environmentOfAccount, regionsOf } from "../../lib/identities.ts";
import { Menu, MenuChecks, MenuChoice, MenuItem, MenuLabel, MenuRule, Submenu } from "../../ui/menu.tsx";
import { IdentityMenu } from "./identity-menu.tsx";

interface Props {
  me: Me;
  /** The identities whose lists are shown, at least one. */
  shown: readonly IdentityView[];
  onShown(ids: readonly string[]): void;
  onAddIdentity(): void;
  /** The regions shown, at least one. */
  regions: readonly string[];
  onRegions(regions: readonly string[]): void;
}

/** Whose permissions, which account, which region: always visible. */
export function ScopeBar({ me, shown, onShown, onAddIdentity, regions, onRegions }: Props) {
  const offered = regionsOf(shown);
  const [only] = regions.length === 1 ? regions : [];
  const names = offered.filter(({ id }) => regions.includes(id)).map(({ name }) => shortName(name));
  const options = offered.map(({ id, name }) => ({ value: id, label: <RegionLabel id={id} name={name} /> }));
  return (
    <div className={`scope e-${scopeColour(shown, me.customEndpoint)}`}>
      <IdentityMenu
        identities={me.identities}
        shown={shown}
        customEndpoint={me.customEndpoint}
        onShown={onShown}
        onAdd={onAddIdentity}
      />
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
        <MenuChoice label="Region" value={only ?? ""} onChange={(region) => onRegions([region])} options={options} />
        <MenuRule />
        <Submenu label="Several regions">
          <MenuChecks
            values={regions}
            onChange={(next) => {
              if (next.length > 0) onRegions(next);
            }}
            options={options}
          />
        </Submenu>
        <MenuItem onSelect={() => onRegions(offered.map(({ id }) => id))}>All regions</MenuItem>
      </Menu>
    </div>
  );
}

/** "Ireland" of "Europe (Ireland)": the id beside it says the rest. */
function shortName(name: string): string {
  return /\(([^()]+)\)$/.exec(name)?.[1] ?? name;
}

/** The account's colour; of several accounts the one to be most careful with. */
function scopeColour(shown: readonly IdentityView[], customEndpoint: boolean): string {
  const colours = shown.map((identity) => environmentOfAccount(identity)?.colour);
  const known = (["prod", "staging", "dev"] as const).find((colour) => colours.includes(colour));
  return known ?? (customEndpoint ? "sandbox" : "none");
}

function RegionLabel({ id, name }: { id: string; name: string }) {
  return (
    <>
      <span className="mono">{id}</span> <span className="t3">{name}</span>
    </>
  );
}
