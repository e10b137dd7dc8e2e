/** Drop-down menus: keyboard, focus and dismissal are Radix's; the look is ours. */
import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "../lib/icons.tsx";

interface MenuProps {
  trigger: ReactElement;
  align?: "start" | "end";
  side?: "bottom" | "right";
  children: ReactNode;
  /** Where the keyboard goes when the menu closes; without it, back to the trigger. */
  onClosed?: (() => void) | undefined;
}

export function Menu({ trigger, align = "start", side = "bottom", children, onClosed }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          loop
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: IconName;
  disabled?: boolean;
  onSelect(): void;
  children: ReactNode;
}

export function MenuItem({ icon, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" disabled={disabled} onSelect={onSelect}>
      {icon && <Icon name={icon} size="sm" />}
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="menu-label">{children}</DropdownMenu.Label>;
}

export function MenuRule() {
  return <DropdownMenu.Separator className="menu-rule" />;
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange(value: T): void;
}

/** One of several; the current one is ticked. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} className="menu-item" value={option.value}>
          <span className="tick">
            <DropdownMenu.ItemIndicator>
              <Icon name="check" size="sm" />
            </DropdownMenu.ItemIndicator>
          </span>
          {option.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

interface MenuChecksProps {
  values: readonly string[];
  options: readonly { value: string; label: ReactNode }[];
  /** The menu stays open: several may be changed. */
  onChange(values: string[]): void;
}

/** Any of several, each ticked or not. */
export function MenuChecks({ values, options, onChange }: MenuChecksProps) {
  return options.map(({ value, label }) => (
    <DropdownMenu.CheckboxItem
      key={value}
      className="menu-item"
      checked={values.includes(value)}
      onCheckedChange={(checked) => onChange(checked ? [...values, value] : values.filter((other) => other !== value))}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="tick">
        <DropdownMenu.ItemIndicator>
          <Icon name="check" size="sm" />
        </DropdownMenu.ItemIndicator>
      </span>
      {label}
    </DropdownMenu.CheckboxItem>
  ));
}

export function Submenu({ icon, label, children }: { icon?: IconName; label: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item">
        {icon && <Icon name={icon} size="sm" />}
        <span className="grow">{label}</span>
        <Icon name="right" size="xs" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className="menu" sideOffset={2} collisionPadding={8}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}
