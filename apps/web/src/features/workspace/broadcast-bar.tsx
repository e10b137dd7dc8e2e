/** Says over the panes that typing is broadcast, to how many, and ends it; asks first which panes shall be in it. */
import "./broadcast.css";
import { useState, useSyncExternalStore } from "react";
import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import { BROADCAST_PANES_LEAST } from "./broadcast.ts";
import { paneKeys } from "./pane-tree.ts";
import type { Pane, Tab } from "./tab-state.ts";
import type { Workspace } from "./workspace.ts";

interface Props {
  workspace: Workspace;
  tab: Tab;
  /** Only one of its panes is on the page: nothing reaches the others. */
  isOneShown: boolean;
}

export function BroadcastBar({ workspace, tab, isOneShown }: Props) {
  const { broadcast } = workspace;
  const state = useSyncExternalStore(broadcast.subscribe, broadcast.getState);
  if (state === undefined || state.tabKey !== tab.key) return null;
  if (state.kind === "choosing")
    return (
      <ChooseDialog
        panes={inReadingOrder(tab)}
        canTake={(key) => broadcast.canTake(key)}
        onAnswer={(keys) => broadcast.answer(keys)}
        onClosed={() => workspace.focusActive()}
      />
    );
  const isIn = state.members.has(tab.activePane);
  return (
    <div className="broadcast-bar" role="status">
      <b>{isOneShown ? "Broadcast paused" : `Broadcasting to ${state.members.size} of ${tab.panes.length} panes`}</b>
      <span>
        {isOneShown && "Only one pane is shown: what you type goes to it alone."}
        {!isOneShown && isIn && "What you type goes to all of them."}
        {!isOneShown && !isIn && "This pane is not among them: what you type goes to it alone."}
      </span>
      <Button
        size="sm"
        onClick={() => {
          broadcast.stop();
          workspace.focusActive();
        }}
      >
        Stop broadcasting
      </Button>
    </div>
  );
}

interface ChooseProps {
  panes: readonly Pane[];
  canTake(paneKey: string): boolean;
  onAnswer(paneKeys: readonly string[] | undefined): void;
  onClosed(): void;
}

/** Opt-in: what is typed runs in every pane that is ticked here. */
export function ChooseDialog({ panes, canTake, onAnswer, onClosed }: ChooseProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const able = panes.filter(({ key }) => canTake(key));
  const chosen = able.filter(({ key }) => !left.has(key));
  const toggle = (key: string): void => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    setLeft(next);
  };
  return (
    <Ask
      open
      title="Type into several panes at once?"
      onClosed={onClosed}
      onCancel={() => onAnswer(undefined)}
      actions={
        <Button
          variant="danger"
          disabled={chosen.length < BROADCAST_PANES_LEAST}
          onClick={() => onAnswer(chosen.map(({ key }) => key))}
        >
          Broadcast to {chosen.length} {chosen.length === 1 ? "pane" : "panes"}
        </Button>
      }
    >
      <p>Every key and every paste goes to all of these. Each session is logged under your name as ever.</p>
      <fieldset className="broadcast-panes">
        <legend className="sr">Panes</legend>
        {panes.map((pane, index) => {
          const isAble = able.includes(pane);
          return (
            <label key={pane.key}>
              <input
                type="checkbox"
                checked={isAble && !left.has(pane.key)}
                disabled={!isAble}
                onChange={() => toggle(pane.key)}
              />
              <span>
                Pane {index + 1}: {pane.target.instanceName}
              </span>
              {pane.environment && <span className={`env e-${pane.environment.colour}`}>{pane.environment.word}</span>}
              {!isAble && <span className="t12 t3">cannot be typed into now</span>}
            </label>
          );
        })}
      </fieldset>
    </Ask>
  );
}

/** In the bar of each pane of the tab, while it is on. */
export function BroadcastToggle({ workspace, pane }: { workspace: Workspace; pane: Pane }) {
  const { broadcast } = workspace;
  const state = useSyncExternalStore(broadcast.subscribe, broadcast.getState);
  if (state?.kind !== "on" || !workspace.isInTab(pane.key, state.tabKey)) return null;
  const isIn = state.members.has(pane.key);
  return (
    <button
      type="button"
      className="broadcast-toggle"
      data-keeps-active=""
      aria-pressed={isIn}
      aria-label={`Broadcast: ${pane.target.instanceName}`}
      title={isIn ? "Gets what you broadcast. Leave it out" : "Left out of the broadcast. Take it in"}
      onClick={() => {
        broadcast.toggleMember(pane.key);
        workspace.focusActive();
      }}
    >
      BROADCAST
    </button>
  );
}

function inReadingOrder(tab: Tab): Pane[] {
  return paneKeys(tab.tree).flatMap((key) => tab.panes.find((pane) => pane.key === key) ?? []);
}
