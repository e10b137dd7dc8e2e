/** The list beside the terminals: filter, groups, footer, and every state the list can be in. */
import type { Me } from "@causeway/wire-contract/identity";
import type { Instance, InstanceList } from "@causeway/wire-contract/instances";
import type { UseQueryResult } from "@tanstack/react-query";
import {
  type KeyboardEvent,
  type Ref,
  useDeferredValue,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { ApiProblem } from "../../lib/api-client.ts";
import { Icon } from "../../lib/icons.tsx";
import { FilterBox } from "./filter-box.tsx";
import {
  type Condition,
  filterInstances,
  formatCondition,
  indexInstances,
  parseFilter,
  sameCondition,
} from "./instance-filter.ts";
import { groupInstances, listRows } from "./instance-groups.ts";
import { InstanceListbox, type ListboxHandle } from "./instance-listbox.tsx";
import { ListFooter } from "./list-footer.tsx";
import { ListFailed, ListLoading, NoInstances, NoMatch, Throttled } from "./list-states.tsx";
import { sourceNotes } from "./source-notes.ts";
import "./instances.css";

export interface InstancePanelHandle {
  focusFilter(): void;
  focusList(): void;
}

interface Props {
  ref?: Ref<InstancePanelHandle>;
  me: Me;
  region: string;
  list: UseQueryResult<InstanceList>;
  /** When a list that failed is asked for again by itself, on this browser's clock. */
  nextTryAtMs: number;
  /** Tabs of this page by instance id. */
  openCounts: ReadonlyMap<string, number>;
  /** Instance ids opened lately, newest first. */
  recentIds: readonly string[];
  /** The instance of the active tab, if it is of this region. */
  currentId: string | undefined;
  /** The filter that the address bar holds, read once. */
  initialFilter: string;
  onFilter(text: string): void;
  onRegion(region: string): void;
  onOpen(instance: Instance, newSession: boolean): void;
  /** The keyboard goes back to where the work is. */
  onLeave(): void;
}

const NO_INSTANCES: readonly Instance[] = [];

export function InstancePanel(props: Props) {
  const {
    ref,
    me,
    region,
    list,
    nextTryAtMs,
    openCounts,
    recentIds,
    currentId,
    initialFilter,
    onFilter,
    onRegion,
    onOpen,
    onLeave,
  } = props;
  const input = useRef<HTMLInputElement>(null);
  const listbox = useRef<ListboxHandle>(null);
  const initial = useRef(parseFilter(initialFilter));
  const [chips, setChips] = useState<readonly Condition[]>(initial.current.conditions);
  const [text, setText] = useState(initial.current.words.join(" "));

  const instances = list.data?.instances ?? NO_INSTANCES;
  const index = useMemo(() => indexInstances(instances), [instances]);
  const deferredText = useDeferredValue(text);
  const typed = useMemo(() => parseFilter(deferredText), [deferredText]);
  const shown = useMemo(() => filterInstances(index, chips, typed), [index, chips, typed]);
  const filtering = chips.length > 0 || deferredText.trim() !== "";
  const rows = useMemo(
    () => listRows(groupInstances(shown, filtering ? [] : recentIds)),
    [shown, filtering, recentIds],
  );

  useEffect(
    () => onFilter([...chips.map(formatCondition), text.trim()].filter(Boolean).join(" ")),
    [chips, text, onFilter],
  );
  useImperativeHandle(ref, () => ({
    focusFilter: () => input.current?.focus(),
    focusList: () => (listbox.current ?? input.current)?.focus(),
  }));

  const offers = (id: string): boolean => me.regions.some((offered) => offered.id === id);
  const addChip = (chip: Condition): void => {
    if (chip.kind === "region") onRegion(chip.region);
    else setChips((before) => (before.some((other) => sameCondition(other, chip)) ? before : [...before, chip]));
  };
  const change = (next: string): void => {
    setText(next);
    listbox.current?.unmark();
  };
  const clear = (): void => {
    change("");
    setChips([]);
  };
  const openMarked = (newSession: boolean): void => {
    if (deferredText === text) {
      listbox.current?.openActive(newSession);
      return;
    }
    // faster than the list is drawn: what is typed counts, not what is still shown
    const first = groupInstances(filterInstances(index, chips, parseFilter(text)), [])[0]?.instances[0];
    if (first) onOpen(first, newSession);
  };
  const onFilterKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (text !== "") change("");
      else onLeave();
    } else if (event.key === "Enter") {
      const { words, conditions } = parseFilter(text);
      const known = conditions.filter((each) => each.kind !== "region" || offers(each.region));
      for (const condition of known) addChip(condition);
      // a region that is not offered here stays in the text
      const kept = [...words, ...conditions.filter((each) => !known.includes(each)).map(formatCondition)];
      if (known.length > 0) change(kept.join(" "));
      else openMarked(event.shiftKey);
    } else if (event.key === "Backspace" && text === "" && chips.length > 0) {
      setChips(chips.slice(0, -1));
    } else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    else if (!listbox.current?.handleKey(event.key)) return;
    event.preventDefault();
  };

  const throttled = list.isError && list.error instanceof ApiProblem && list.error.problem.code === "AWS_THROTTLED";
  return (
    <>
      <FilterBox
        inputRef={input}
        text={text}
        chips={chips}
        instances={instances}
        onText={change}
        onAddChip={addChip}
        onRemoveChip={(chip) => setChips(chips.filter((other) => other !== chip))}
        onKey={onFilterKey}
      />
      {list.data !== undefined && throttled && (
        <Throttled listAtMs={list.dataUpdatedAt} nextTryAtMs={list.isFetching ? undefined : nextTryAtMs} />
      )}
      {list.data === undefined && list.isError && (
        <ListFailed error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data === undefined && !list.isError && <ListLoading />}
      {list.data !== undefined && instances.length === 0 && <NoInstances me={me} region={region} onRegion={onRegion} />}
      {instances.length > 0 && shown.length === 0 && (
        <NoMatch
          filter={[...chips.map(formatCondition), deferredText.trim()].filter(Boolean).join(" ")}
          words={typed.words}
          instances={instances}
          account={me.person.account}
          onSearch={change}
          onClear={clear}
        />
      )}
      {list.data !== undefined && shown.length > 0 && (
        <InstanceListbox
          ref={listbox}
          label={`Instances in ${region}`}
          rows={rows}
          region={region}
          openCounts={openCounts}
          words={typed.words}
          currentId={filtering ? undefined : currentId}
          nowMs={list.data.fetchedAt}
          onOpen={onOpen}
          onEscape={onLeave}
        />
      )}
      {list.data !== undefined &&
        sourceNotes(list.data.sources).map((note) => (
          <div key={note.key} className="side-strip" title={note.evidence}>
            <Icon name="warning" />
            <span>{note.text}</span>
          </div>
        ))}
      {list.data !== undefined && (
        <ListFooter
          shown={shown.length}
          total={instances.length}
          truncated={list.data.truncated}
          updatedAtMs={list.dataUpdatedAt}
          fetching={list.isFetching}
          error={list.isError && !throttled ? list.error : undefined}
          onRefresh={() => void list.refetch()}
        />
      )}
    </>
  );
}
