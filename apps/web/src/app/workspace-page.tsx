/**
 * Brings list, tabs and terminals together. Composition only: each part's rules live in its feature, what this page does with
 * them in the `use-…` files beside it.
 */

import type { Me } from "@causeway/wire-contract/identity";
import type { InstanceRef } from "@causeway/wire-contract/preferences";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { InstancePanel, type InstancePanelHandle } from "../features/instances/instance-panel.tsx";
import { formatRef, instanceRef } from "../features/instances/instance-ref.ts";
import { ScopeBar } from "../features/instances/scope-bar.tsx";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import type { PaletteSource } from "../features/palette/palette-groups.ts";
import { CloseDialog } from "../features/workspace/close-dialog.tsx";
import type { ActionId } from "../features/workspace/keymap.ts";
import { ListDivider } from "../features/workspace/list-divider.tsx";
import { PaletteButton } from "../features/workspace/palette-button.tsx";
import { PaneDrag } from "../features/workspace/pane-drag.tsx";
import { PaneTools } from "../features/workspace/pane-tools.tsx";
import { RenameDialog } from "../features/workspace/rename-dialog.tsx";
import { openCounts, type TabTarget, tabLabel } from "../features/workspace/tab-state.ts";
import { TabStrip } from "../features/workspace/tab-strip.tsx";
import { useLeaveGuard } from "../features/workspace/use-leave-guard.ts";
import { useShortcuts } from "../features/workspace/use-shortcuts.ts";
import "../features/workspace/workspace.css";
import { firstIdentity, type IdentityLook, lookOf } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import { useConsole, useKeymap } from "./console-context.ts";
import { identityTroubles } from "./identity-troubles.ts";
import {
  commandSource,
  instanceSource,
  keySource,
  scopeWords,
  sessionSource,
  settingSource,
  shareSource,
  tabSource,
  tagSource,
  unheldSource,
} from "./palette-sources.ts";
import { Rail } from "./rail.tsx";
import { actsOf } from "./run-action.ts";
import { SignInPanel, SignInStrips } from "./sign-in-panel.tsx";
import { TabFaces } from "./tab-faces.tsx";
import { toggleFocusMode } from "./toggle-focus-mode.ts";
import { useCopy } from "./use-copy.ts";
import { useDetails } from "./use-details.ts";
import { useLearnedTabs } from "./use-learned-tabs.ts";
import { useListChoices } from "./use-list-choices.ts";
import { useListColumn } from "./use-list-column.ts";
import { useNarrow } from "./use-narrow.ts";
import { useOpening } from "./use-opening.tsx";
import { knownUnheld, openPanes, usePalette, useRecentCommands } from "./use-palette.tsx";
import { useQuickSettings } from "./use-quick-settings.ts";
import { useRestoredSessions } from "./use-restored-sessions.ts";
import { useSettled } from "./use-settled.ts";
import { showSession, useShares } from "./use-shares.ts";
import { useShownLists } from "./use-shown-lists.ts";
import { useSigningOut } from "./use-signing-out.tsx";
import { WorkspacePanes } from "./workspace-panes.tsx";

const NarrowTabs = lazyPart(async () => (await import("../features/workspace/narrow-tabs.tsx")).NarrowTabs);
const InstanceDetails = lazyPart(async () => (await import("./instance-details.tsx")).InstanceDetails);
const KeysSheet = lazyPart(async () => (await import("../features/workspace/keys-sheet.tsx")).KeysSheet);

/** The address follows the filter when typing rests; browsers limit how often it may change. */
const FILTER_REST_MS = 400;

interface Props {
  me: Me;
  /** As in the address, with commas between; they may be absent or not offered here. */
  region: string | undefined;
  /** Ids of the identities whose lists are shown, as in the address; they may be of an earlier login. */
  as: string | undefined;
  filter: string;
  /** @param replace the address did not name a region yet: no step back to that */
  onRegion(region: string, replace?: boolean): void;
  /** @param region changed with it; undefined: as it is */
  onAs(as: string, region?: string): void;
  onFilter(filter: string): void;
  /** Whose details are open, as in the address. */
  link: string | undefined;
  onLink(link: string | undefined): void;
}

export function WorkspacePage(props: Props) {
  const { me, region: asked, as, filter, onRegion, onAs, onFilter, link, onLink } = props;
  const app = useConsole();
  const workspace = app.workspaceFor(me);
  const state = useStore(workspace.store);
  const signInEnded = useSyncExternalStore(app.subscribeSignIn, app.signInEnded);
  const signInPurpose = useSyncExternalStore(app.subscribeSignIn, app.signInPurpose);
  const keymap = useKeymap();
  const onCopy = useCopy();
  const main = useRef<HTMLElement>(null);
  const panel = useRef<InstancePanelHandle>(null);

  const { remembered } = workspace.storage;
  const narrow = useNarrow();
  const list = useListColumn(remembered);
  const lastRegion = remembered.region;
  const lists = useShownLists({ me, region: asked, as, lastRegion, onRegion });
  const { identities: shown, region, regions, inventory } = lists;
  const onRegions = (next: readonly string[]): void => onRegion(next.join(","));
  const { widthPx, wideHidden } = list;
  useEffect(
    () => workspace.storage.remember({ listWidthPx: widthPx, listHidden: wideHidden, region: regions[0] ?? "" }),
    [workspace, widthPx, wideHidden, regions],
  );
  const details = useDetails(inventory, link, onLink, panel);
  const sessions = useRestoredSessions(workspace);
  useLearnedTabs(workspace, state, inventory.index, inventory.sources);
  const troubles = useMemo(() => identityTroubles(me.identities, inventory.sources), [me, inventory.sources]);
  const nowMs = useSlowNow() + inventory.clockOffsetMs;
  const lookOfPane = ({ target }: { target: Pick<TabTarget, "identityId"> }): IdentityLook | undefined => {
    const identity = app.identities.shown(target.identityId);
    return identity && lookOf(identity);
  };

  const active = state.tabs.find(({ key }) => key === state.activeKey);
  const isHome = narrow && state.restored && active === undefined;
  // without a terminal a narrow window shows the list: its home page (screen 11)
  useEffect(() => {
    if (isHome) list.cover();
  }, [isHome]);
  const label = active && tabLabel(state, active);
  useEffect(() => {
    document.title = label === undefined ? "Causeway" : `${label} · Causeway`;
  }, [label]);
  useLeaveGuard(workspace);

  const [focusAsked, setFocusAsked] = useState<"list" | "filter">();
  const askFocus = (where: "list" | "filter"): void => {
    list.show(true);
    setFocusAsked(where);
  };
  useLayoutEffect(() => {
    // after the render that shows the list: a hidden one cannot take the keyboard; before the next key
    if (focusAsked === "list") panel.current?.focusList();
    if (focusAsked === "filter") panel.current?.focusFilter();
    setFocusAsked((newer) => (newer === focusAsked ? undefined : newer));
  }, [focusAsked]);
  const regionAskedHere = useRef<string>(undefined);
  useEffect(() => {
    // the list of another region is another list: whoever changed the region in it stays in it
    if (regionAskedHere.current === region) panel.current?.focusFilter();
    regionAskedHere.current = undefined;
  }, [region]);
  const [renaming, setRenaming] = useState<string>();
  const renamed = state.tabs.find(({ key }) => key === renaming);
  const leaveRenaming = (): void => {
    setRenaming(undefined);
    workspace.focusActive();
  };
  const [showingKeys, setShowingKeys] = useState(false);
  const navigate = useNavigate();
  const palette = usePalette(() => workspace.focusActive());
  const shares = useShares();
  const openPalette = (): void => {
    app.hints.learned("palette");
    palette.open();
  };
  const leaveList = (): void => {
    list.uncover();
    workspace.focusActive();
  };
  const closeDetails = (): void => {
    onLink(undefined);
    workspace.focusActive();
  };
  const acts = actsOf(workspace, {
    focusList: () => askFocus("list"),
    toggleList: () => {
      if (list.shown) workspace.focusActive();
      list.show(!list.shown);
    },
    toggleDetails: () => {
      if (details) closeDetails();
      else if (active) onLink(active.target.instanceId);
    },
    showKeys: () => setShowingKeys(true),
    showSettings: () => void navigate({ to: "/settings" }),
    renameTab: () => setRenaming(state.activeKey),
    toggleFocusMode: () => void toggleFocusMode(app, keymap),
    togglePalette: () => {
      shares.refresh();
      if (palette.isOpen) workspace.focusActive();
      else openPalette();
    },
  });
  const settingsNow = useSyncExternalStore(app.subscribeSettings, app.settings);
  const focusMode = useSyncExternalStore(app.focusMode.subscribe, app.focusMode.getState);
  useShortcuts(keymap, {
    allToShell: () => app.focusMode.getState() !== "off",
    onAction: (id) => {
      // a chord while the palette is open means what it always means
      if (palette.isOpen) palette.close();
      acts[id]();
    },
    onPlainKey: (key) => {
      if (key === "filter") askFocus("filter");
      else if (key === "keys") setShowingKeys(true);
      else workspace.focusActive();
    },
  });

  const { account } = firstIdentity(me).person;
  const refOfTab = (place: Partial<InstanceRef> & Omit<InstanceRef, "account">): string =>
    formatRef({ account, ...place });
  const counts = useMemo(() => openCounts(state, refOfTab), [state.tabs, account]);
  const choices = useListChoices(state.recent, account, workspace.storage);
  const opening = useOpening(me, workspace, list.uncover);
  /** One more identity is shown beside those that were chosen. */
  /** @param chosen the region she asked for with it; it stands beside those that are shown */
  const showNewest = (next: Me, chosen?: string): void => {
    const known = me.identities.map(({ id }) => id);
    const added = next.identities.find(({ id }) => !known.includes(id));
    const all = chosen === undefined || regions.includes(chosen) ? undefined : [...regions, chosen].join(",");
    if (added && as !== undefined) onAs([...shown.map(({ id }) => id), added.id].join(","), all);
    else if (all !== undefined) onRegion(all);
  };
  const settledFilter = useSettled(onFilter, FILTER_REST_MS);
  const signingOut = useSigningOut(me, workspace);
  const recentCommands = useRecentCommands();
  const settings = useQuickSettings(me, signingOut.ask);
  const paletteSources = (): PaletteSource[] => {
    const run = (id: ActionId): void => {
      recentCommands.remember(id);
      acts[id]();
    };
    const open = openPanes(workspace);
    return [
      instanceSource({
        index: inventory.index,
        near: [...choices.recents, ...choices.favourites],
        openCounts: counts,
        environmentOf: ({ identityId }) => lookOfPane({ target: { identityId } })?.environment,
        open: opening.open,
        details: ({ id }) => onLink(id),
      }),
      tabSource(open),
      commandSource({ keymap, state, recent: recentCommands.recent, run }),
      settingSource(settings),
      sessionSource(open),
      unheldSource(knownUnheld(app.queries), () => void navigate({ to: "/aws-sessions" })),
      ...(shares.lists
        ? [
            shareSource(shares.lists, {
              watch: (shareId) => void navigate({ to: "/s/$shareId", params: { shareId } }),
              own: (sessionId) => showSession(workspace, sessionId),
            }),
          ]
        : []),
      tagSource(inventory.index, (wanted) => {
        askFocus("list");
        panel.current?.showFilter(wanted);
      }),
      keySource({ keymap, run }),
    ];
  };

  return (
    <div
      className={[
        "app",
        focusMode === "off" ? "" : "focus-mode",
        narrow && active && !list.shown ? "narrow-terminal" : "",
      ]
        .filter(Boolean)
        .join(" ")}
      style={{ "--list-width": `${widthPx}px` } as React.CSSProperties}
    >
      {!settingsNow.screenReader && (
        <button type="button" className="sr-until-focus btn" onClick={() => app.setScreenReader(true)}>
          Turn on screen reader mode
        </button>
      )}
      <Rail
        me={me}
        listShown={list.shown}
        // in a narrow window it is a page, and this leads to it
        onToggleList={() => list.show(narrow || !list.shown)}
        onTerminals={leaveList}
        onSignOut={signingOut.ask}
      />
      <div className="side-column" hidden={!list.shown}>
        <aside className="side" aria-label="Instances">
          <ScopeBar
            me={me}
            shown={shown}
            onShown={(ids) => onAs(ids.length === me.identities.length ? "" : ids.join(","))}
            onAddIdentity={() => app.askToSignIn({ kind: "add" })}
            regions={regions}
            onRegions={onRegions}
          />
          <InstancePanel
            key={region}
            ref={panel}
            identities={shown}
            regions={regions}
            inventory={inventory}
            choices={choices}
            openCounts={counts}
            currentRef={active && refOfTab(active.target)}
            initialFilter={filter}
            onFilter={settledFilter}
            onRegion={(next) => {
              regionAskedHere.current = next;
              onRegion(next);
            }}
            onOpen={opening.open}
            onDetails={({ id }) => onLink(id)}
            onCopy={onCopy}
            onRefresh={() => {
              app.inventory.wake();
              app.inventory.store.refresh();
            }}
            onOtherRole={() => app.askToSignIn({ kind: "add" })}
            onLeave={leaveList}
          />
          <ListDivider widthPx={widthPx} onWidth={list.setWidthPx} />
        </aside>
      </div>
      <main className="main" ref={main} inert={narrow && list.shown}>
        <h1 className="sr">Terminals</h1>
        <PaneDrag workspace={workspace} area={main} />
        {!narrow && (
          <TabStrip
            state={state}
            registry={workspace.registry}
            sandbox={me.customEndpoint}
            lookOf={lookOfPane}
            severalIdentities={me.identities.length > 1}
            facesOf={({ panes }) => <TabFaces registry={workspace.registry} paneKeys={panes.map(({ key }) => key)} />}
            onActivate={(key, focus) => workspace.activate(key, focus)}
            onClose={(key) => workspace.close(key)}
            onRename={setRenaming}
            onNew={() => askFocus("filter")}
          >
            <PaletteButton keymap={keymap} onOpen={openPalette} />
            {active && <PaneTools workspace={workspace} tab={active} keymap={keymap} onFind={acts.find} />}
          </TabStrip>
        )}
        <SignInStrips
          troubles={troubles}
          allProven={me.identities.every(({ person }) => person.proven)}
          nowMs={nowMs}
        />
        {signInPurpose && (
          <SignInPanel
            purpose={signInPurpose}
            region={region}
            onSignedIn={showNewest}
            onClosed={() => workspace.focusActive()}
          />
        )}
        {sessions.isError && signInEnded === undefined && (
          <div className="main-strip">
            <FailureBanner error={sessions.error} />
            <Button size="sm" onClick={() => void sessions.refetch()}>
              Find my terminals
            </Button>
          </div>
        )}
        <WorkspacePanes
          workspace={workspace}
          state={state}
          keymap={keymap}
          lookOf={(pane) => lookOfPane(pane) ?? lookOf(firstIdentity(me))}
          instanceCount={inventory.index.length}
          narrow={
            narrow
              ? {
                  sandbox: me.customEndpoint,
                  onBack: () => askFocus("list"),
                  tabs: state.tabs.length > 1 && (
                    <NarrowTabs workspace={workspace} state={state} onNew={() => askFocus("list")} />
                  ),
                  onPalette: openPalette,
                }
              : undefined
          }
          onFind={() => askFocus("filter")}
          onPasteRefused={() =>
            app.toasts.show({
              title: "The browser did not allow pasting.",
              detail: "Hold the terminal and choose Paste.",
            })
          }
        />
      </main>
      {details && (
        <InstanceDetails
          instance={details}
          workspace={workspace}
          state={state}
          isHere={({ target }) => refOfTab(target) === instanceRef(details)}
          favourite={choices.favourites.includes(instanceRef(details))}
          onFavourite={() => choices.onFavourite(details)}
          onOpen={(newSession) => opening.open(details, newSession ? "new" : "go")}
          onOpenWith={opening.openWith && (() => opening.openWith?.(details))}
          onClose={closeDetails}
        />
      )}
      {state.asking && (
        <CloseDialog
          asking={state.asking}
          onAnswer={(close) => workspace.answerAsking(close)}
          onClosed={() => workspace.focusActive()}
        />
      )}
      {palette.show(paletteSources, scopeWords(shown, regions), keymap)}
      {renamed && (
        <RenameDialog
          name={renamed.name ?? ""}
          instanceName={renamed.target.instanceName}
          onRename={(name) => {
            workspace.rename(renamed.key, name);
            leaveRenaming();
          }}
          onCancel={leaveRenaming}
        />
      )}
      {showingKeys && (
        <KeysSheet
          keymap={keymap}
          chosen={app.chosenChords()}
          onChoose={(chosen) => app.chooseChords(chosen)}
          onClose={() => {
            setShowingKeys(false);
            workspace.focusActive();
          }}
        />
      )}
      {opening.dialog}
      {signingOut.dialog}
    </div>
  );
}
