import type { Region } from "@causeway/wire-contract/identity";
import { Icon } from "../../lib/icons.tsx";
import { Menu, MenuChoice } from "../../ui/menu.tsx";

interface Props {
  regions: readonly Region[];
  region: Region;
  onRegion(id: string): void;
}

/** Whose list is shown first; the console can show every other one. */
export function PortalRegion({ regions, region, onRegion }: Props) {
  const options = regions.map((each) => ({ value: each.id, label: <RegionWords {...each} /> }));
  return (
    <div className="pick-region">
      <span className="label" aria-hidden="true">
        Region
      </span>
      <Menu
        align="end"
        trigger={
          <button type="button" className="field">
            <span className="sr">Region </span>
            <RegionWords {...region} />
            <Icon name="down" size="sm" />
          </button>
        }
      >
        <MenuChoice label="Region" value={region.id} options={options} onChange={onRegion} />
      </Menu>
    </div>
  );
}

function RegionWords({ id, name }: Region) {
  return (
    <>
      <span className="mono">{id}</span> <span className="t3 trunc">{name}</span>
    </>
  );
}
