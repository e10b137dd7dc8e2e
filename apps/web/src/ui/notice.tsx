import type { ReactNode } from "react";
import { Icon, type IconName } from "../lib/icons.tsx";

interface NoticeProps {
  icon?: IconName;
  tone?: "plain" | "acc" | "warn" | "bad";
  busy?: boolean;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Smaller things below the actions. */
  footer?: ReactNode;
  /** Interrupts a screen reader: only for what just failed. */
  alert?: boolean;
}

/** An empty, broken or waiting place: what is true, why, and one step (DESIGN §10). */
export function Notice({
  icon,
  tone = "plain",
  busy = false,
  title,
  children,
  actions,
  footer,
  alert = false,
}: NoticeProps) {
  return (
    <div className="notice" role={alert ? "alert" : undefined}>
      {(icon || busy) && (
        <span className={tone === "plain" ? "ic" : `ic ${tone}`}>
          {busy ? <span className="spin" /> : icon && <Icon name={icon} />}
        </span>
      )}
      <h2>{title}</h2>
      {children}
      {actions && <div className="notice-actions">{actions}</div>}
      {footer}
    </div>
  );
}
