import type { ComponentProps } from "react";
import { Icon, type IconName } from "../lib/icons.tsx";

type ButtonProps = ComponentProps<"button"> & {
  variant?: "plain" | "primary" | "ghost" | "danger";
  size?: "sm" | "md" | "lg";
  icon?: IconName;
  block?: boolean;
};

/** A button with words. Its label is a verb (DESIGN §15). */
export function Button({
  variant = "plain",
  size = "md",
  icon,
  block = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = [
    "btn",
    variant === "plain" ? "" : variant,
    size === "md" ? "" : size,
    block ? "block" : "",
    className,
  ];
  return (
    <button type="button" {...rest} className={classes.filter(Boolean).join(" ")}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> & {
  icon: IconName;
  /** Read out, and shown as the tooltip. */
  label: string;
  size?: "sm" | "md";
};

/** A square button with an icon only; 24 px least. */
export function IconButton({ icon, label, size = "sm", className, ...rest }: IconButtonProps) {
  const classes = ["ib", size === "md" ? "md" : "", className].filter(Boolean).join(" ");
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={classes}>
      <Icon name={icon} size={size === "md" ? "md" : "sm"} />
    </button>
  );
}
