import { type FunctionComponent, type KeyboardEvent, memo, type ReactNode, type Ref } from "react";
import { Icon } from "../../lib/icons.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Menu, MenuItem, Submenu } from "../../ui/menu.tsx";
import { type Condition, FILTER_LENGTH_MAX, formatCondition } from "./instance-filter.ts";
import type { TagChoice } from "./tag-choices.ts";

interface Props {
  inputRef: Ref<HTMLInputElement>;
  text: string;
  chips: readonly Condition[];
  /** Instances that can be filtered. */
  total: number;
  choices: readonly TagChoice[];
  /** At the end of the chips. */
  children?: ReactNode;
  onText(text: string): void;
  onAddChip(chip: Condition): void;
  onRemoveChip(chip: Condition): void;
  onKey(event: KeyboardEvent): void;
}

export function FilterBox({
  inputRef,
  text,
  chips,
  total,
  choices,
  children,
  onText,
  onAddChip,
  onRemoveChip,
  onKey,
}: Props) {
  return (
    <>
      <div className="find">
        <label className="field">
          <span className="sr">Filter instances</span>
          <Icon name="search" />
          <input
            ref={inputRef}
            type="text"
            placeholder={total > 0 ? `Filter ${total} instances` : "Filter instances"}
            autoComplete="off"
            spellCheck={false}
            maxLength={FILTER_LENGTH_MAX}
            value={text}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={onKey}
          />
          {text === "" ? (
            <span aria-hidden="true">
              <Keys caps={["/"]} />
            </span>
          ) : (
            <span className="t12 t3 nowrap" aria-hidden="true">
              Esc clears
            </span>
          )}
        </label>
      </div>
      <div className="chips">
        {chips.map((chip) => {
          const label = formatCondition(chip);
          const [key, value] = splitLabel(chip);
          return (
            <button
              key={label}
              type="button"
              className="chip on"
              aria-label={`Remove filter ${label}`}
              onClick={() => onRemoveChip(chip)}
            >
              <b>{key}</b> <span className="trunc">{value}</span> <Icon name="close" size="xs" />
            </button>
          );
        })}
        {choices.length > 0 && <TagMenu choices={choices} onAddChip={onAddChip} />}
        {children}
      </div>
    </>
  );
}

/** Hundreds of choices: a key in the filter leaves them alone. */
const TagMenu: FunctionComponent<Pick<Props, "choices" | "onAddChip">> = memo(function TagMenu({ choices, onAddChip }) {
  return (
    <Menu
      trigger={
        <button type="button" className="chip dash" aria-label="Filter by tag">
          <Icon name="plus" size="xs" />
          Tag
        </button>
      }
    >
      {choices.map(({ key, values }) => (
        <Submenu key={key} label={key}>
          {values.map((value) => (
            <MenuItem key={value} onSelect={() => onAddChip({ kind: "tag", key, value })}>
              {value === "" ? "(empty)" : value}
            </MenuItem>
          ))}
        </Submenu>
      ))}
    </Menu>
  );
});

function splitLabel(chip: Condition): [string, string] {
  if (chip.kind === "tag") return [chip.key, `= ${chip.value}`];
  const [name = "", value = ""] = formatCondition(chip).split(":");
  return [name, value];
}
