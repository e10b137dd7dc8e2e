/**
 * Brings list, tabs and terminals together. Composition only: each part's rules live in its feature. Above 300 lines, because
 * this is the one place where all parts of the workspace meet, and features must not know one another.
 */
import type { Me } from "@causeway/wire-contract/identity";
import type { InstanceRef } from "@causeway/wire-contract/preferences";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { ListedInstance } from "../features/instances/instance-index.ts";
import { InstancePanel, type InstancePanelHandle, type ListChoices } from "../features/instances/instance-panel.tsx";
import { formatRef, instanceRef } from "../features/instances/instance-ref.ts";
import { ScopeBar } from "../features/instances/scope-bar.tsx";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { CloseDialog } from "../features/workspace/close-dialog.tsx";
import { EmptyWorkspace } from "../features/workspace/empty-workspace.tsx";
import { type Action, platformOf } from "../features/workspace/keymap.ts";
import { ListDivider } from "../features/workspace/list-divider.tsx";
import { PaneArea } from "../features/workspace/pane-area.tsx";
import { PaneTools } from "../features/workspace/pane-tools.tsx";
import { StartDialog } from "../features/workspace/start-dialog.tsx";
import { openCounts, type Pane, panesOf, tabLabel } from "../features/workspace/tab-state.ts";
import { TabStrip } from "../features/workspace/tab-strip.tsx";
import { useLeaveGuard } from "../features/workspace/use-leave-guard.ts";
import { useShortcuts } from "../features/workspace/use-shortcuts.ts";
import "../features/workspace/workspace.css";
import type { OpenHow, SaidAtStart } from "../features/workspace/workspace.ts";
import { isLive } from "../features/workspace/workspace-terminal.ts";
import { firstIdentity, type IdentityLook, lookOf, regionsOf, shownIdentities } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useMedia } from "../ui/use-media.ts";
import { ActivePane } from "./active-pane.tsx";
import { useConsole } from "./console-context.ts";
import { identityTroubles } from "./identity-troubles.ts";
import { InstanceDetails } from "./instance-details.tsx";
import { addRecent, deleteView, saveView, setGroupBy, toggleFavourite } from "./list-choices.ts";
import { Rail } from "./rail.tsx";
import { SignInPanel, SignInStrips } from "./sign-in-panel.tsx";
import { SignOutDialog } from "./sign-out.tsx";
import type { TerminalSession } from "./terminal-feature.ts";
import { useLearnedTabs } from "./use-learned-tabs.ts";
import { useLinkedInstance } from "./use-linked-instance.ts";

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
  onAs(as: string): void;
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
  const narrow = useMedia("(max-width: 900px)");
  const platform = platformOf(navigator.platform);
  const panel = useRef<InstancePanelHandle>(null);
  const [signingOut, setSigningOut] = useState(false);
  const focusAnswered = useRef(0);

  const { remembered } = workspace.storage;
  const shown = useMemo(() => shownIdentities(me, as), [me, as]);
  const choosable = regionsOf(shown);
  const offered = (ids: string): string[] => ids.split(",").filter((id) => choosable.some((one) => one.id === id));
  const region =
    [asked, remembered.region, choosable[0]?.id].map((ids) => offered(ids ?? "").join(",")).find(Boolean) ?? "";
  const regions = useMemo(() => region.split(",").filter(Boolean), [region]);
  const onRegions = (next: readonly string[]): void => onRegion(next.join(","));
  useEffect(() => {
    // the step back from another region must lead to this one, and a copied address to what is seen
    if (asked !== region && region !== "") onRegion(region, true);
  });
  const [widthPx, setWidthPx] = useState(remembered.listWidthPx);
  const [wideHidden, setWideHidden] = useState(remembered.listHidden);
  const [overlayShown, setOverlayShown] = useState(false);
  const listShown = narrow ? overlayShown : !wideHidden;
  const setListShown = (shown: boolean): void => {
    if (narrow) setOverlayShown(shown);
    else setWideHidden(!shown);
  };
  useEffect(
    () => workspace.storage.remember({ listWidthPx: widthPx, listHidden: wideHidden, region: regions[0] ?? "" }),
    [workspace, widthPx, wideHidden, regions],
  );

  const inventory = useSyncExternalStore(app.inventory.store.subscribe, app.inventory.store.getSnapshot);
  useEffect(() => {
    app.inventory.store.show(
      shown.flatMap(({ id: identityId, person: { account } }) =>
        regions.map((region) => ({ identityId, account, region })),
      ),
    );
  }, [app, shown, regions]);
  const linked = useLinkedInstance(inventory, link);
  useEffect(() => {
    if (linked === undefined || link === undefined) return;
    if (linked.kind === "several") {
      onLink(undefined);
      panel.current?.showFilter(linked.filter);
    } else if (linked.kind === "none") {
      app.toasts.show({
        tone: "bad",
        title: `No instance is called ${link} here.`,
        detail: "Another region may have it.",
      });
      onLink(undefined);
    } else if (linked.instance.id !== link) onLink(linked.instance.id);
  }, [app, link, linked, onLink]);
  const details = linked?.kind === "one" ? linked.instance : undefined;
  const preferences = useSyncExternalStore(app.preferences.subscribe, app.preferences.getSnapshot);
  const settled = useSyncExternalStore(app.preferences.subscribe, app.preferences.isSettled);
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => app.api.listSessions(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (sessions.data && settled) workspace.restore(sessions.data.sessions, app.preferences.workspace);
  }, [app, workspace, sessions.data, settled]);
  useLearnedTabs(workspace, state, inventory.index, inventory.sources);
  const troubles = useMemo(() => identityTroubles(me.identities, inventory.sources), [me, inventory.sources]);
  const nowMs = useSlowNow() + inventory.clockOffsetMs;
  const lookOfPane = ({ target }: Pick<Pane, "target">): IdentityLook | undefined => {
    const identity = app.identities.shown(target.identityId);
    return identity && lookOf(identity);
  };

  const active = state.tabs.find(({ key }) => key === state.activeKey);
  const activeTerminal = (): TerminalSession | undefined => active && workspace.registry.get(active.activePane);
  const label = active && tabLabel(state, active);
  useEffect(() => {
    document.title = label === undefined ? "Causeway" : `${label} · Causeway`;
  }, [label]);
  useLeaveGuard(workspace);

  const [focusAsked, setFocusAsked] = useState<"list" | "filter">();
  const askFocus = (where: "list" | "filter"): void => {
    setListShown(true);
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
  const leaveList = (): void => {
    setOverlayShown(false);
    workspace.focusActive();
  };
  const closeDetails = (): void => {
    onLink(undefined);
    workspace.focusActive();
  };
  const onAction = (action: Action): void => {
    if (action.kind === "focus-list") askFocus("list");
    else if (action.kind === "toggle-list") {
      if (listShown) workspace.focusActive();
      setListShown(!listShown);
    } else if (action.kind === "split-right") workspace.split("right");
    else if (action.kind === "split-down") workspace.split("down");
    else if (action.kind === "focus-pane") workspace.focusPane(action.side);
    else if (action.kind === "previous-pane") workspace.stepPane(-1);
    else if (action.kind === "next-pane") workspace.stepPane(1);
    else if (action.kind === "zoom-pane") workspace.zoom();
    else if (action.kind === "close-pane") {
      if (active) workspace.closePane(active.activePane);
    } else if (action.kind === "undo-close") workspace.undoClose();
    else if (action.kind === "tab-moves-focus") {
      activeTerminal()?.toggleTabKey();
    } else if (action.kind === "details") {
      if (details) closeDetails();
      else if (active) onLink(active.target.instanceId);
    } else if (action.kind === "go-to-tab") {
      const tab = state.tabs[action.index];
      if (tab) workspace.activate(tab.key);
    } else workspace.step(action.kind === "next-tab" ? 1 : -1);
  };
  useShortcuts(platform, {
    onAction,
    onPlainKey: (key) => (key === "filter" ? askFocus("filter") : workspace.focusActive()),
  });

  const { account } = firstIdentity(me).person;
  const refOfTab = (place: Partial<InstanceRef> & Omit<InstanceRef, "account">): string =>
    formatRef({ account, ...place });
  const counts = useMemo(() => openCounts(state, refOfTab), [state.tabs, account]);
  const choices = useMemo((): ListChoices => {
    const here = state.recent.map(refOfTab);
    const change = (how: Parameters<typeof app.preferences.change>[0]): void => void app.preferences.change(how);
    return {
      favourites: preferences.favourites.map(formatRef),
      recents: [...new Set([...here, ...preferences.recents.map(formatRef)])],
      views: preferences.views,
      groupBy: preferences.groupBy,
      onFavourite: (instance) => change(toggleFavourite(refToStore(instance))),
      onGroupBy: (groupBy) => change(setGroupBy(groupBy)),
      onSaveView: (view) => change(saveView(view)),
      onDeleteView: (view) => change(deleteView(view)),
    };
  }, [app, preferences, state.recent, account]);
  const openSaying = (instance: ListedInstance, how: OpenHow, said?: SaidAtStart): void => {
    setOverlayShown(false);
    void app.preferences.change(addRecent(refToStore(instance)));
    workspace.open(instance, instance.region, how, said);
  };
  const [starting, setStarting] = useState<{ instance: ListedInstance; how: OpenHow }>();
  const open = (instance: ListedInstance, how: OpenHow): void => {
    const goesThere = how === "go" && workspace.hasPaneOn(instance, instance.region);
    // "go" to an instance without a pane opens one, with what is said there
    if (me.sessionStart.reason === "required" && !goesThere) setStarting({ instance, how: how === "go" ? "new" : how });
    else openSaying(instance, how);
  };
  const hasSomethingToSay = me.sessionStart.reason !== "off" || me.sessionStart.documents.length > 1;
  /** One more identity is shown beside those that were chosen. */
  const showNewest = (next: Me): void => {
    const known = me.identities.map(({ id }) => id);
    const added = next.identities.find(({ id }) => !known.includes(id));
    if (added && as !== undefined) onAs([...shown.map(({ id }) => id), added.id].join(","));
  };
  const settledFilter = useSettled(onFilter);

  const liveCount = (): number => panesOf(state).filter(({ key }) => isLive(workspace.registry.get(key))).length;
  const signOut = async (how: "end" | "keep"): Promise<void> => {
    if (how === "end") await workspace.endAll();
    await app.signOut(how);
  };
  const onSignOut = (): void => {
    if (liveCount() > 0) setSigningOut(true);
    else
      signOut("keep").catch(() =>
        app.toasts.show({ tone: "bad", title: "You are still signed in", detail: "The server did not answer." }),
      );
  };

  return (
    <div className="app" style={{ "--list-width": `${widthPx}px` } as React.CSSProperties}>
      <Rail
        me={me}
        listShown={listShown}
        onToggleList={() => setListShown(!listShown)}
        onTerminals={leaveList}
        onSignOut={onSignOut}
      />
      <div className="side-column" hidden={!listShown}>
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
            onOpen={open}
            onDetails={({ id }) => onLink(id)}
            onRefresh={() => {
              app.inventory.wake();
              app.inventory.store.refresh();
            }}
            onLeave={leaveList}
          />
          <ListDivider widthPx={widthPx} onWidth={setWidthPx} />
        </aside>
      </div>
      <main className="main">
        <h1 className="sr">Terminals</h1>
        <TabStrip
          state={state}
          registry={workspace.registry}
          sandbox={me.customEndpoint}
          lookOf={lookOfPane}
          severalIdentities={me.identities.length > 1}
          onActivate={(key, focus) => workspace.activate(key, focus)}
          onClose={(key) => workspace.close(key)}
          onNew={() => askFocus("filter")}
        >
          {active && <PaneTools workspace={workspace} tab={active} platform={platform} />}
        </TabStrip>
        <SignInStrips troubles={troubles} nowMs={nowMs} />
        {signInPurpose && (
          <SignInPanel purpose={signInPurpose} onSignedIn={showNewest} onClosed={() => workspace.focusActive()} />
        )}
        {sessions.isError && signInEnded === undefined && (
          <div className="main-strip">
            <FailureBanner error={sessions.error} />
            <Button size="sm" onClick={() => void sessions.refetch()}>
              Find my terminals
            </Button>
          </div>
        )}
        {active ? (
          <PaneArea
            workspace={workspace}
            tab={active}
            renderPane={(pane, ordinal) => (
              <ActivePane
                workspace={workspace}
                pane={pane}
                look={lookOfPane(pane) ?? lookOf(firstIdentity(me))}
                ordinal={ordinal}
                active={pane.key === active.activePane}
                note={state.note?.paneKey === pane.key ? state.note.text : undefined}
                focusRequests={state.focusRequests}
                focusAnswered={focusAnswered}
                onClose={() => workspace.closePane(pane.key)}
              />
            )}
          />
        ) : (
          state.restored && (
            <EmptyWorkspace
              count={inventory.index.length || undefined}
              platform={platform}
              focusRequests={state.focusRequests}
              onFind={() => askFocus("filter")}
            />
          )
        )}
      </main>
      {details && (
        <InstanceDetails
          instance={details}
          sessions={state.tabs.flatMap((tab) =>
            tab.panes
              .filter(({ target }) => refOfTab(target) === instanceRef(details))
              .map(({ key }) => ({ id: key, title: tabLabel(state, tab), open: () => workspace.activatePane(key) })),
          )}
          favourite={choices.favourites.includes(instanceRef(details))}
          onFavourite={() => choices.onFavourite(details)}
          onOpen={(newSession) => open(details, newSession ? "new" : "go")}
          onOpenWith={hasSomethingToSay ? () => setStarting({ instance: details, how: "new" }) : undefined}
          onClose={closeDetails}
        />
      )}
      {state.asking && <CloseDialog asking={state.asking} onAnswer={(close) => workspace.answerAsking(close)} />}
      {starting && (
        <StartDialog
          instanceName={starting.instance.name}
          rules={me.sessionStart}
          onOpen={(said) => {
            setStarting(undefined);
            openSaying(starting.instance, starting.how, said);
          }}
          onCancel={() => {
            setStarting(undefined);
            workspace.focusActive();
          }}
        />
      )}
      {signingOut && (
        <SignOutDialog
          me={me}
          liveCount={liveCount()}
          signOut={signOut}
          onCancel={() => {
            setSigningOut(false);
            workspace.focusActive();
          }}
        />
      )}
    </div>
  );
}

function refToStore({ account, region, id }: ListedInstance): InstanceRef {
  return { account, region, instanceId: id };
}

/** Calls `onValue` once the value has not changed for a while; the function returned never changes. */
function useSettled(onValue: (value: string) => void): (value: string) => void {
  const latest = useRef(onValue);
  latest.current = onValue;
  const timer = useRef<number>(undefined);
  const sent = useRef<string>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback((value) => {
    window.clearTimeout(timer.current);
    // the first value is what the address already says
    if (sent.current === undefined || sent.current === value) {
      sent.current = value;
      return;
    }
    timer.current = window.setTimeout(() => {
      sent.current = value;
      latest.current(value);
    }, FILTER_REST_MS);
  }, []);
}
