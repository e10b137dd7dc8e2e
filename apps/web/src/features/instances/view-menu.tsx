/** Group and sort, and the views a person saved: what the list shows, by name. */
import type { SavedView } from "@causeway/wire-contract/preferences";
import { type FormEvent, type FunctionComponent, memo, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuRule, Submenu } from "../../ui/menu.tsx";
import type { GroupBy } from "./instance-groups.ts";

/** Longest name of a view, in characters. */
const NAME_CHARACTERS_MAX = 60;

interface Props {
  groupBy: GroupBy;
  /** Tags that many instances have. */
  tagKeys: readonly string[];
  views: readonly SavedView[];
  /** @returns what a new view would hold; asked when one is made, so that no key in the filter draws this menu */
  filterNow(): string;
  onGroupBy(groupBy: GroupBy): void;
  onView(view: SavedView): void;
  onSave(view: SavedView): void;
  onDelete(view: SavedView): void;
}

export const ViewMenu: FunctionComponent<Props> = memo(function ViewMenu(props: Props) {
  const { groupBy, tagKeys, views, filterNow, onGroupBy, onView, onSave, onDelete } = props;
  const [naming, setNaming] = useState(false);
  const grouped = groupBy ?? "usual";
  const options = [
    { value: "usual", label: "Service, or kind" },
    ...tagKeys.map((key) => ({ value: `tag:${key}`, label: `Tag ${key}` })),
    { value: "account", label: "Account" },
    { value: "region", label: "Region" },
    { value: "none", label: "Nothing" },
  ];
  const name = options.find(({ value }) => value === grouped)?.label ?? grouped.replace(/^tag:/, "Tag ");
  if (!options.some(({ value }) => value === grouped)) options.push({ value: grouped, label: name });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton icon="filter" label={`Group and views: by ${name.toLowerCase()}`} className="end-aligned" />
        }
      >
        <MenuLabel>Group by</MenuLabel>
        <MenuChoice
          label="Group by"
          value={grouped}
          options={options}
          onChange={(next) => onGroupBy(next === "usual" ? undefined : next)}
        />
        <MenuRule />
        <MenuLabel>Views</MenuLabel>
        {views.map((view) => (
          <MenuItem key={view.name} icon="filter" onSelect={() => onView(view)}>
            {view.name}
          </MenuItem>
        ))}
        <MenuItem icon="plus" onSelect={() => setNaming(true)}>
          Save this view
        </MenuItem>
        {views.length > 0 && (
          <Submenu icon="trash" label="Delete a view">
            {views.map((view) => (
              <MenuItem key={view.name} onSelect={() => onDelete(view)}>
                Delete {view.name}
              </MenuItem>
            ))}
          </Submenu>
        )}
      </Menu>
      {naming && (
        <ViewName
          suggestion={filterNow()}
          onName={(given) => {
            setNaming(false);
            onSave({ name: given, filter: filterNow(), groupBy: groupBy ?? "" });
          }}
          onCancel={() => setNaming(false)}
        />
      )}
    </>
  );
});

function ViewName(props: { suggestion: string; onName(name: string): void; onCancel(): void }) {
  const [name, setName] = useState(props.suggestion.slice(0, NAME_CHARACTERS_MAX));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== "") props.onName(name.trim());
  };
  return (
    <form className="view-name" onSubmit={submit}>
      <label className="field">
        <span className="sr">Name of the view</span>
        <input
          ref={(input) => input?.focus()}
          type="text"
          placeholder="Name of the view"
          maxLength={NAME_CHARACTERS_MAX}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            props.onCancel();
          }}
        />
      </label>
      <Button type="submit" disabled={name.trim() === ""}>
        Save
      </Button>
      <IconButton icon="close" label="Do not save" onClick={props.onCancel} />
    </form>
  );
}
