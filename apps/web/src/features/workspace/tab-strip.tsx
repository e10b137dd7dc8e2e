/** The tabs: one stop for Tab, arrows choose, Enter goes to the terminal, Delete closes, F2 renames; the × is the mouse's. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { Icon } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { IconButton } from "../../ui/button.tsx";
import { rovingIndex } from "../../ui/roving.ts";
import { StateShape, type StateShapeName } from "../../ui/state-shape.tsx";
import { type Tab, type TabState, tabLabel } from "./tab-state.ts";
import "./tab-strip.css";
import type { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceTerminalStatus } from "./workspace-terminal.ts";

interface Props {
  state: TabState;
  registry: TerminalRegistry;
  /** These terminals are not AWS's: every tab carries the violet mark. */
  sandbox: boolean;
  /** As whom and where a tab runs; undefined while nobody knows. */
  lookOf(tab: Tab): IdentityLook | undefined;
  /** The login has more than one: each tab says whose it is, not only to who asks. */
  severalIdentities: boolean;
  /** Who watches the terminals of a tab. */
  facesOf?(tab: Tab): ReactNode;
  onActivate(key: string, focus: boolean): void;
  onClose(key: string): void;
  onRename(key: string): void;
  onNew(): void;
  /** At the far end. */
  children?: ReactNode;
}

export function tabId(key: string): string {
  return `tab-${key}`;
}
export const TAB_PANEL_ID = "terminal-panel";

export function TabStrip(props: Props) {
  const { state, registry, sandbox, lookOf, severalIdentities, facesOf } = props;
  const { onActivate, onClose, onRename, onNew, children } = props;
  const onKeyDown = (event: KeyboardEvent, tab: Tab, index: number): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = state.tabs[rovingIndex(event.key, index, state.tabs.length) ?? -1];
    if (next) {
      onActivate(next.key, false);
      document.getElementById(tabId(next.key))?.focus();
    } else if (event.key === "Enter" || event.key === " ") onActivate(tab.key, true);
    else if (event.key === "Delete") onClose(tab.key);
    else if (event.key === "F2") onRename(tab.key);
    else return;
    event.preventDefault();
  };
  return (
    <div className="tabs">
      {state.tabs.length > 0 && (
        <div className="tablist" role="tablist" aria-label="Terminal tabs">
          {state.tabs.map((tab, index) => (
            <TabItem
              key={tab.key}
              tab={tab}
              label={tabLabel(state, tab)}
              selected={tab.key === state.activeKey}
              registry={registry}
              sandbox={sandbox}
              look={lookOf(tab)}
              named={severalIdentities}
              faces={facesOf?.(tab)}
              onActivate={(focus) => onActivate(tab.key, focus)}
              onClose={() => onClose(tab.key)}
              onRename={() => onRename(tab.key)}
              onKeyDown={(event) => onKeyDown(event, tab, index)}
            />
          ))}
        </div>
      )}
      <IconButton icon="plus" size="md" label="Open an instance" className="new-tab" onClick={onNew} />
      {children && <div className="tab-tools">{children}</div>}
    </div>
  );
}

interface TabItemProps {
  tab: Tab;
  label: string;
  selected: boolean;
  registry: TerminalRegistry;
  sandbox: boolean;
  look: IdentityLook | undefined;
  /** The identity is part of what is seen. */
  named: boolean;
  faces: ReactNode;
  onActivate(focus: boolean): void;
  onClose(): void;
  onRename(): void;
  onKeyDown(event: KeyboardEvent): void;
}

const STARTING: WorkspaceTerminalStatus = { kind: "starting", unread: false };

function TabItem(props: TabItemProps) {
  const { tab, label, selected, registry, sandbox, look, named, faces } = props;
  const { onActivate, onClose, onRename, onKeyDown } = props;
  const element = useRef<HTMLDivElement>(null);
  const status = useSyncExternalStore(registry.subscribe, () => registry.get(tab.activePane)?.getStatus() ?? STARTING);
  const news = useSyncExternalStore(registry.subscribe, () =>
    tab.panes.some(({ key }) => registry.get(key)?.getStatus().unread),
  );
  const shape = STATUS_SHAPES[status.kind];
  const unread = news && !selected;
  useEffect(() => {
    const tab = element.current;
    if (!selected || tab === null) return;
    // at once, and again when a title makes the tab wider or the window makes the strip narrower
    const sizes = new ResizeObserver(() => tab.scrollIntoView({ block: "nearest", inline: "nearest" }));
    sizes.observe(tab);
    if (tab.parentElement) sizes.observe(tab.parentElement);
    return () => sizes.disconnect();
  }, [selected]);

  const onClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("[data-close]")) onClose();
    else onActivate(true);
  };
  const onAuxClick = (event: MouseEvent): void => {
    if (event.button !== 1) return; // the middle button closes, as in every browser
    event.preventDefault();
    onClose();
  };
  // what the server's configuration calls the account counts more than what somebody wrote on the instance
  const environment = look?.environment ?? tab.environment;
  const whose = look && `${look.name}, ${look.role} in ${look.account}`;
  const words = [
    environment?.word,
    sandbox ? "sandbox" : "",
    STATUS_WORDS[status.kind],
    unread ? "new output" : "",
  ].filter((word) => word !== undefined && word !== "");
  return (
    <div
      ref={element}
      id={tabId(tab.key)}
      role="tab"
      className={`tab e-${environment?.colour ?? "none"}${sandbox ? " in-sandbox" : ""}`}
      aria-selected={selected}
      aria-controls={selected ? TAB_PANEL_ID : undefined}
      tabIndex={selected ? 0 : -1}
      title={[label, ...words, whose, tab.target.instanceId, tab.target.region, status.title]
        .filter(Boolean)
        .join(" · ")}
      data-tab={tab.key}
      onClick={onClick}
      onDoubleClick={onRename}
      onAuxClick={onAuxClick}
      onKeyDown={onKeyDown}
    >
      <span className="bar" />
      {sandbox && <Icon name="sandbox" size="xs" />}
      {shape && <StateShape shape={shape} label="" />}
      <span className="trunc">
        {label}
        {named && look && (
          <span className="tab-title">
            {" "}
            <span className="sr">as {look.role} in </span>
            {look.account}
          </span>
        )}
        <span className="sr">{words.map((word) => `, ${word}`).join("")}</span>
        {tab.panes.length > 1 && (
          <span className="tab-panes num">
            {" "}
            {tab.panes.length}
            <span className="sr"> panes</span>
          </span>
        )}
        {status.title && <span className="tab-title"> {status.title}</span>}
      </span>
      {faces}
      <span className={unread ? "cl unread" : "cl"} data-close aria-hidden="true" title="Close">
        <Icon name="close" size="xs" />
      </span>
    </div>
  );
}

const STATUS_SHAPES: Record<WorkspaceTerminalStatus["kind"], StateShapeName | undefined> = {
  starting: "pending",
  connecting: "pending",
  open: undefined,
  reconnecting: "lost",
  failed: "failed",
  ended: "stopped",
};
/** What is said of a terminal beside its name; nothing while it is simply open. */
export const STATUS_WORDS: Record<WorkspaceTerminalStatus["kind"], string> = {
  starting: "connecting",
  connecting: "connecting",
  open: "",
  reconnecting: "reconnecting",
  failed: "failed",
  ended: "ended",
};
