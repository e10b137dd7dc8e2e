import { Icon } from "../../lib/icons.tsx";
import { Menu, MenuChoice, MenuLabel } from "../../ui/menu.tsx";

/** Stands for "nothing chosen"; no value of the API begins with a space. */
const ALL = " all";

interface Props {
  /** As it stands on the chip. */
  name: string;
  title: string;
  /** Words for "nothing chosen". */
  all: string;
  value: string | undefined;
  /** What stands beside the name instead of the value. */
  shown?: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange(value: string | undefined): void;
}

/** One part of the filter: its name alone while nothing is chosen, name and value once something is. */
export function AuditChip({ name, title, all, value, shown = value, options, onChange }: Props) {
  // What is chosen stays in the menu when nothing of it is in sight any more.
  const missing = value !== undefined && !options.some((option) => option.value === value);
  const choices = [{ value: ALL, label: all }, ...(missing ? [{ value, label: value }] : []), ...options];
  return (
    <Menu
      trigger={
        <button type="button" className={shown === undefined ? "chip" : "chip on"}>
          {shown === undefined ? (
            name
          ) : (
            <>
              <b>{name}</b> <span className="trunc">{shown}</span>
            </>
          )}
          <Icon name="down" size="xs" />
        </button>
      }
    >
      <MenuLabel>{title}</MenuLabel>
      <MenuChoice
        label={title}
        value={value ?? ALL}
        options={choices}
        onChange={(next) => onChange(next === ALL ? undefined : next)}
      />
    </Menu>
  );
}
