import type { Me } from "@causeway/wire-contract/identity";
import { Link } from "@tanstack/react-router";
import { useRef, useState, useSyncExternalStore } from "react";
import { Icon } from "../lib/icons.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { useConsole, useTheme } from "./console-context.ts";

const KeptNotices = lazyPart(async () => (await import("../ui/kept-notices.tsx")).KeptNotices);

export type RailPlace = "terminals" | "audit" | "people" | "settings" | "elsewhere";

interface Props {
  me: Me;
  here?: RailPlace;
  listShown: boolean;
  onToggleList(): void;
  /** In a narrow window the list lies over the terminals: this takes it away. */
  onTerminals(): void;
  onSignOut(): void;
}

export function Rail({ me, here = "terminals", listShown, onToggleList, onTerminals, onSignOut }: Props) {
  const app = useConsole();
  const { theme } = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <nav className="rail" aria-label="Main" data-keep-clear="">
      <span className="logo" role="img" aria-label="Causeway">
        <Icon name="logo" />
      </span>
      <button
        type="button"
        className={listShown ? "rail-item narrow-only here" : "rail-item narrow-only"}
        aria-label="Instances"
        aria-expanded={listShown}
        title="Instances"
        onClick={onToggleList}
      >
        <Icon name="server" />
        <span className="rail-word">Instances</span>
      </button>
      <Link
        to="/"
        search={true}
        className={listShown || here !== "terminals" ? "rail-item terminals" : "rail-item terminals here"}
        aria-label="Terminals"
        title="Terminals"
        aria-current={here === "terminals" ? "page" : undefined}
        onClick={onTerminals}
      >
        <Icon name="terminal" />
        <span className="rail-word">Terminals</span>
      </Link>
      {me.role !== "user" && (
        <Link
          to="/audit"
          search={{ span: "24h" }}
          className={here === "audit" ? "rail-item here" : "rail-item"}
          aria-label="Audit"
          title="Audit"
          aria-current={here === "audit" ? "page" : undefined}
        >
          <Icon name="log" />
          <span className="rail-word">Audit</span>
        </Link>
      )}
      {me.role === "admin" && (
        <Link
          to="/people"
          className={here === "people" ? "rail-item here" : "rail-item"}
          aria-label="People"
          title="People"
          aria-current={here === "people" ? "page" : undefined}
        >
          <Icon name="user" />
          <span className="rail-word">People</span>
        </Link>
      )}
      <Link
        to="/settings"
        className={here === "settings" ? "rail-item wide-only here" : "rail-item wide-only"}
        aria-label="Settings"
        title="Settings"
        aria-current={here === "settings" ? "page" : undefined}
      >
        <Icon name="settings" />
      </Link>
      <span className="rail-space" />
      <Bell />
      <button
        type="button"
        className="rail-item wide-only"
        aria-label={`Switch to the ${other} theme`}
        title={`Switch to the ${other} theme`}
        onClick={() => app.theme.choose(other)}
      >
        <Icon name={theme === "dark" ? "moon" : "sun"} />
      </button>
      <AccountMenu me={me} onSignOut={onSignOut} />
    </nav>
  );
}

function Bell() {
  const { toasts } = useConsole();
  const { notices, hasUnread } = useSyncExternalStore(toasts.subscribe, toasts.getKept);
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const words = hasUnread ? "Notices, some unread" : "Notices";
  return (
    <>
      <button
        ref={button}
        type="button"
        className={hasUnread ? "rail-item wide-only unread" : "rail-item wide-only"}
        aria-label={words}
        aria-haspopup="dialog"
        title={words}
        onClick={() => {
          toasts.handleRead();
          setOpen(true);
        }}
      >
        <Icon name="bell" />
      </button>
      {isOpen && (
        <KeptNotices notices={notices} nowMs={toasts.nowMs()} opener={button} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
