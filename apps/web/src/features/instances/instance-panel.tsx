/** The list beside the terminals: filter, groups, footer, and every state the list can be in. */
import type { IdentityView } from "@causeway/wire-contract/identity";
import type { SavedView } from "@causeway/wire-contract/preferences";
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { ApiProblem, ApiUnreachable } from "../../lib/api-client.ts";
import { Icon } from "../../lib/icons.tsx";
import { accountWord, regionsOf, wordsOfIdentities } from "../../lib/identities.ts";
import { earlyPart } from "../../ui/lazy-part.tsx";
import { FilterBox } from "./filter-box.tsx";
import { inSteps } from "./in-steps.ts";
import { type Condition, formatCondition, parseFilter, sameCondition } from "./instance-filter.ts";
import {
  foldKey,
  type GroupBy,
  groupIndex,
  type InstanceGroup,
  instancesByRef,
  pickedGroup,
  RECENT_MAX,
} from "./instance-groups.ts";
import type { ListedInstance } from "./instance-index.ts";
import type { ListboxHandle } from "./instance-listbox.tsx";
import { recentSpan } from "./instance-words.ts";
import type { InventorySnapshot } from "./inventory-store.ts";
import { ListFilter } from "./list-filter.ts";
import { ListFooter } from "./list-footer.tsx";
import { listProgress } from "./list-progress.ts";
import { ListFailed, ListLoading, NoInstances, NoMatch, Throttled } from "./list-states.tsx";
import { useCodeWords } from "./use-code-words.ts";
import { useSlowNow } from "./use-slow-now.ts";
import { useTagChoices } from "./use-tag-choices.ts";
import { ViewMenu } from "./view-menu.tsx";
import "./instances.css";
import { isSplitEnter, type OpenHow, openHow } from "./open-how.ts";

export interface InstancePanelHandle {
  focusFilter(): void;
  focusList(): void;
  /** Instead of the filter that is there. */
  showFilter(filter: string): void;
}

const { Part: InstanceListbox, load } = earlyPart(
  async () => (await import("./instance-listbox.tsx")).InstanceListbox,
  <ListLoading />,
);
/** Begins to load what draws the list: while the first instances are on their way. */
export const loadListbox: () => Promise<unknown> = load;

/** What the person chose, and how she changes it. */
export interface ListChoices {
  /** References, `account/region/id`. */
  favourites: readonly string[];
  /** Newest first. */
  recents: readonly string[];
  /** When, by reference, in milliseconds since the epoch; of some nobody knows. */
  openedAtMs: ReadonlyMap<string, number | undefined>;
  views: readonly SavedView[];
  groupBy: GroupBy;
  /** Groups of which she sees the header only, as `foldKey` names them. */
  folded: ReadonlySet<string>;
  onFold(key: string, folded: boolean): void;
  onFavourite(instance: ListedInstance): void;
  onGroupBy(groupBy: GroupBy): void;
  onSaveView(view: SavedView): void;
  onDeleteView(view: SavedView): void;
}

interface Props {
  ref?: Ref<InstancePanelHandle>;
  /** Whose lists are shown. */
  identities: readonly IdentityView[];
  /** The regions shown. */
  regions: readonly string[];
  inventory: InventorySnapshot;
  choices: ListChoices;
  /** Tabs of this page by instance reference. */
  openCounts: ReadonlyMap<string, number>;
  /** Reference of the active tab's instance. */
  currentRef: string | undefined;
  /** The filter that the address bar holds, read once. */
  initialFilter: string;
  onFilter(text: string): void;
  /** @param region or several, with commas between */
  onRegion(region: string): void;
  onOpen(instance: ListedInstance, how: OpenHow): void;
  onDetails(instance: ListedInstance): void;
  onCopy(text: string): void;
  onRefresh(): void;
  /** This one may not list here. */
  onOtherRole(): void;
  /** The keyboard goes back to where the work is. */
  onLeave(): void;
}

export function InstancePanel(props: Props) {
  const { ref, identities, regions, inventory, choices, openCounts, currentRef, initialFilter } = props;
  const { onFilter, onRegion, onOpen, onDetails, onCopy, onRefresh, onOtherRole, onLeave } = props;
  const input = useRef<HTMLInputElement>(null);
  const listbox = useRef<ListboxHandle>(null);
  const initial = useRef(parseFilter(initialFilter));
  const [chips, setChips] = useState<readonly Condition[]>(initial.current.conditions);
  const [text, setText] = useState(initial.current.words.join(" "));

  const { index, texts } = inventory;
  // with the key and not after it: the rows cost less than drawing the panel twice would
  const typed = useMemo(() => parseFilter(text), [text]);
  const laidOut = useMemo(() => new ListFilter(groupIndex(texts, choices.groupBy)), [texts, choices.groupBy]);
  const filter = useMemo(() => (index === texts ? laidOut : laidOut.again(index)), [laidOut, index, texts]);
  // once the new list is drawn, before somebody types into it
  useEffect(() => inSteps(laidOut.prepare()), [laidOut]);
  const shown = useMemo(() => filter.show(chips, typed), [filter, chips, typed]);
  const filtering = chips.length > 0 || text.trim() !== "";
  const byRef = useMemo(() => {
    const current = currentRef === undefined ? [] : [currentRef];
    return instancesByRef(index, new Set([...choices.favourites, ...choices.recents, ...current]));
  }, [index, choices.favourites, choices.recents, currentRef]);
  const nowMs = useSlowNow() + inventory.clockOffsetMs;
  const favourites = useMemo(() => new Set(choices.favourites), [choices.favourites]);
  const picked = useMemo(() => {
    // a favourite stands right above anyway
    const recents = choices.recents.filter((ref) => !favourites.has(ref));
    return [
      ...pickedGroup("favourites", choices.favourites, byRef, choices.favourites.length),
      ...pickedGroup("recent", recents, byRef, RECENT_MAX, (refs) =>
        recentSpan(
          refs.map((ref) => choices.openedAtMs.get(ref)),
          nowMs,
        ),
      ),
    ];
  }, [byRef, favourites, choices.favourites, choices.recents, choices.openedAtMs, nowMs]);
  const groups = useMemo(() => {
    // what was searched is shown, also where its group is folded
    if (filtering) return shown.groups;
    return [...picked, ...shown.groups.map((group) => withFold(group, choices.folded))];
  }, [filtering, picked, shown, choices.folded]);
  const wordsOf = useCodeWords(inventory.sources.some(({ refused }) => refused !== undefined));
  const progress = useMemo(() => listProgress(inventory.sources, wordsOf), [inventory.sources, wordsOf]);
  const tags = useTagChoices(texts);
  const tagKeys = useMemo(() => tags.map(({ key }) => key), [tags]);
  const filterText = [...chips.map(formatCondition), text.trim()].filter(Boolean).join(" ");

  useEffect(() => void loadListbox(), []);
  const filterTextNow = useRef(filterText);
  useEffect(() => {
    filterTextNow.current = filterText;
    onFilter(filterText);
  }, [filterText, onFilter]);
  const filterNow = useCallback(() => filterTextNow.current, []);

  const addChip = useCallback((chip: Condition): void => {
    setChips((before) => (before.some((other) => sameCondition(other, chip)) ? before : [...before, chip]));
  }, []);
  const change = useCallback((next: string): void => {
    setText(next);
    listbox.current?.unmark();
  }, []);
  const clear = (): void => {
    change("");
    setChips([]);
  };
  const showFilter = useCallback(
    (wanted: string): void => {
      const { words, conditions } = parseFilter(wanted);
      change(words.join(" "));
      setChips(conditions);
    },
    [change],
  );
  useImperativeHandle(ref, () => ({
    focusFilter: () => input.current?.focus(),
    focusList: () => (listbox.current ?? input.current)?.focus(),
    showFilter,
  }));
  const { onGroupBy } = choices;
  const showView = useCallback(
    (view: SavedView): void => {
      showFilter(view.filter);
      onGroupBy(view.groupBy === "" ? undefined : view.groupBy);
    },
    [showFilter, onGroupBy],
  );
  const onFilterKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if ((event.ctrlKey || event.metaKey || event.altKey) && !isSplitEnter(event)) return;
    if (event.key === "Escape") {
      if (text !== "") change("");
      else onLeave();
    } else if (event.key === "Enter") {
      const { words, conditions, unfinished } = parseFilter(text);
      for (const condition of conditions) addChip(condition);
      if (conditions.length > 0) change([...words, ...unfinished].join(" "));
      else listbox.current?.openActive(openHow(event));
    } else if (event.key === "Backspace" && text === "" && chips.length > 0) {
      setChips(chips.slice(0, -1));
    } else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    else if (!listbox.current?.handleKey(event.key)) return;
    event.preventDefault();
  };

  const identityWords = useMemo(() => wordsOfIdentities(identities), [identities]);
  const named = new Set([...chips, ...typed.conditions].map((each) => (each.kind === "region" ? each.value : "")));
  const offered = regionsOf(identities).map(({ id }) => id);
  const elsewhere = offered.filter((id) => named.has(id) && !regions.includes(id));
  const failure = progress.problem ? new ApiProblem(progress.problem) : undefined;
  const unreachable = inventory.error ?? new ApiUnreachable("no connection");
  const isEmpty = index.length === 0;
  const cannotLoad = !inventory.connected && inventory.error !== undefined;
  const updatedAtMs = progress.fetchedAtMs === undefined ? undefined : progress.fetchedAtMs - inventory.clockOffsetMs;
  const nextTryAtMs = progress.throttled?.nextTryAtMs;
  const place = regions.length === 1 ? regions[0] : `${regions.length} regions`;
  return (
    <>
      <FilterBox
        inputRef={input}
        text={text}
        chips={chips}
        total={index.length}
        choices={tags}
        onText={change}
        onAddChip={addChip}
        onRemoveChip={(chip) => setChips(chips.filter((other) => other !== chip))}
        onKey={onFilterKey}
      >
        <ViewMenu
          groupBy={choices.groupBy}
          tagKeys={tagKeys}
          views={choices.views}
          filterNow={filterNow}
          onGroupBy={choices.onGroupBy}
          onView={showView}
          onSave={choices.onSaveView}
          onDelete={choices.onDeleteView}
        />
      </FilterBox>
      {progress.throttled && (
        <Throttled
          listAtMs={updatedAtMs}
          nextTryAtMs={nextTryAtMs === undefined ? undefined : nextTryAtMs - inventory.clockOffsetMs}
        />
      )}
      {isEmpty && (progress.phase === "failed" || cannotLoad) && (
        <ListFailed
          error={failure ?? unreachable}
          retrying={progress.refreshing}
          onRetry={onRefresh}
          onOtherRole={onOtherRole}
        />
      )}
      {isEmpty && progress.phase === "loading" && !cannotLoad && <ListLoading />}
      {isEmpty && progress.phase === "shown" && progress.loading === undefined && (
        <NoInstances identities={identities} regions={regions} left={inventory.left} onRegion={onRegion} />
      )}
      {!isEmpty && shown.count === 0 && (
        <NoMatch
          filter={filterText}
          typed={typed}
          index={index}
          account={[...new Set(identities.map(accountWord))].join(", ")}
          regions={elsewhere}
          allRegions={regions.length < offered.length ? offered : undefined}
          onRegion={onRegion}
          onSearch={change}
          onClear={clear}
        />
      )}
      {shown.count > 0 && (
        <InstanceListbox
          ref={listbox}
          label={`Instances in ${place}`}
          groups={groups}
          severalPlaces={inventory.sources.length > 1}
          identityWords={identityWords}
          openCounts={openCounts}
          favourites={favourites}
          words={typed.words}
          currentKey={filtering || currentRef === undefined ? undefined : byRef.get(currentRef)?.key}
          nowMs={nowMs}
          onOpen={onOpen}
          onDetails={onDetails}
          onFavourite={choices.onFavourite}
          onCopy={onCopy}
          onFold={choices.onFold}
          onEscape={onLeave}
        />
      )}
      {progress.notes.map((note) => (
        <div key={note.key} className="side-strip" title={note.evidence}>
          <Icon name="warning" />
          <span>{note.text}</span>
        </div>
      ))}
      {(!isEmpty || progress.phase === "shown" || (progress.phase === "loading" && !cannotLoad)) && (
        <ListFooter
          shown={shown.count}
          total={index.length}
          progress={progress}
          updatedAtMs={updatedAtMs}
          connected={inventory.connected}
          error={unreachable}
          onRefresh={onRefresh}
        />
      )}
    </>
  );
}

function withFold(group: InstanceGroup, folded: ReadonlySet<string>): InstanceGroup {
  return folded.has(foldKey(group) ?? "") ? { ...group, folded: true } : group;
}
