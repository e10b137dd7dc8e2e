/**
 * The virtual list of instances: one stop for Tab, arrows inside, only the rows in view in the document.
 * Rows of one group stand inside a `group` element, so that screen readers hear the group's name.
 */
import {
  type FunctionComponent,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { MenuPlace } from "../../ui/context-menu.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { foldKey, type InstanceGroup } from "./instance-groups.ts";
import type { ListedInstance } from "./instance-index.ts";
import { instanceRef } from "./instance-ref.ts";
import { nextPosition } from "./list-keys.ts";
import { ListView } from "./list-view.ts";
import { isSplitEnter, type OpenHow, openHow } from "./open-how.ts";
import { type RowsLook, rowId } from "./row-face.ts";
import { foldedKey, type PlacedRow, RowLayout } from "./row-layout.ts";
import type { RowActions } from "./row-menu.tsx";

const HEIGHTS = {
  fine: { header: 26, full: 40, compact: 28 },
  coarse: { header: 26, full: 52, compact: 44 },
} as const;

const RowMenu = lazyPart(async () => (await import("./row-menu.tsx")).RowMenu);

/** From the left of its row to a menu that a key opened: the row's name stays in view. */
const MENU_INSET_PX = 24;

export interface ListboxHandle {
  focus(): void;
  /** Enter in the filter: opens what is marked. */
  openActive(how: OpenHow): void;
  /** Up and down in the filter. @returns false when the key moves nothing */
  handleKey(key: string): boolean;
  /** Back to the first row: what was marked belongs to another filter. */
  unmark(): void;
}

interface Props extends RowActions {
  ref?: Ref<ListboxHandle>;
  label: string;
  groups: readonly InstanceGroup[];
  /** Several places are listed: each row says which is its own. */
  severalPlaces: boolean;
  /** Of several identities: what each row says of its own, by identity. */
  identityWords: ReadonlyMap<string, string>;
  openCounts: ReadonlyMap<string, number>;
  favourites: ReadonlySet<string>;
  words: readonly string[];
  /** Key of the active tab's instance: where the mark stands until a key or a click moves it. */
  currentKey: string | undefined;
  /** The server's clock now, in milliseconds since the epoch. */
  nowMs: number;
  /** @param key as `foldKey` names the group */
  onFold(key: string, folded: boolean): void;
  onEscape(): void;
}

/** Drawn anew only when what it lists has changed. */
export const InstanceListbox: FunctionComponent<Props> = memo(function InstanceListbox(props: Props) {
  const { ref, label, groups, currentKey, onOpen, onDetails, onFavourite, onCopy, onFold, onEscape } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const view = useRef<ListView>(undefined);
  const [activeKey, setActiveKey] = useState<string>();
  const [menu, setMenu] = useState<{ instance: ListedInstance; place: MenuPlace }>();
  const heights = useMedia("(pointer: coarse)") ? HEIGHTS.coarse : HEIGHTS.fine;
  const layout = useMemo(() => new RowLayout(groups, heights), [groups, heights]);

  useEffect(() => setActiveKey(undefined), [currentKey]);
  // a filter may take the marked row away: then keys start from the active tab's row, or from the first one
  const wanted = activeKey ?? currentKey;
  const markedOption = useMemo(() => (wanted === undefined ? undefined : layout.optionOf(wanted)), [layout, wanted]);
  const marked = markedOption === undefined ? undefined : optionRow(layout.option(markedOption));
  const active = marked ?? optionRow(layout.option(0));
  const { severalPlaces, identityWords, openCounts, favourites, words, nowMs } = props;
  const [markedKey, activeRowKey] = [marked?.key, active?.key];
  const optionMax = layout.optionCount;
  const look = useMemo(
    (): RowsLook => ({
      listId: id,
      optionMax,
      severalPlaces,
      identityWords,
      openCounts,
      favourites,
      words,
      nowMs,
      markedKey,
      activeKey: activeRowKey,
    }),
    [id, optionMax, severalPlaces, identityWords, openCounts, favourites, words, nowMs, markedKey, activeRowKey],
  );
  const activeOption = active?.option;
  useLayoutEffect(() => {
    if (scroller.current === null || body.current === null) return;
    const made = new ListView(scroller.current, body.current, window);
    view.current = made;
    return () => made.dispose();
  }, []);
  useLayoutEffect(() => view.current?.show({ layout, look, activeOption }), [layout, look, activeOption]);

  const scrollTo = useRef<string>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || scrollTo.current === undefined || scrollTo.current !== active?.key) return;
    scrollTo.current = undefined;
    const place = layout.option(active.option);
    if (place === undefined) return;
    // below the header of its group, which stays at the top
    const topPx = active.option === 0 ? 0 : place.topPx - heights.header;
    if (topPx < element.scrollTop) element.scrollTop = topPx;
    const bottomPx = place.topPx + place.heightPx - element.clientHeight;
    if (bottomPx > element.scrollTop) element.scrollTop = bottomPx;
  });

  const mark = (key: string): void => {
    scrollTo.current = key;
    setActiveKey(key);
  };
  const handleKey = (key: string): boolean => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / heights.full) - 1);
    // with nothing marked, the first step goes to the first row
    const next = nextPosition(key, marked?.option ?? -1, layout.optionCount, page);
    const row = next === undefined ? undefined : optionRow(layout.option(next));
    if (row === undefined) return false;
    mark(row.key);
    return true;
  };
  /** The mark goes with the group: to its header, and back to its first row. */
  const fold = (group: InstanceGroup, folded: boolean): void => {
    const key = foldKey(group);
    if (key === undefined) return;
    const first = group.at(0);
    if (folded) mark(foldedKey(group));
    else if (first) mark(first.key);
    onFold(key, folded);
  };
  const openActive = (how: OpenHow): void => {
    if (active?.kind === "folded") fold(active.group, false);
    else if (active) onOpen(active.instance, how);
  };
  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus(),
    handleKey,
    openActive,
    unmark: () => {
      setActiveKey(undefined);
      if (scroller.current) scroller.current.scrollTop = 0;
      view.current?.handleTyped();
    },
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      const row = active?.kind === "instance" ? document.getElementById(rowId(id, active.key)) : null;
      const box = row?.getBoundingClientRect();
      if (active?.kind === "instance" && box)
        setMenu({ instance: active.instance, place: { x: box.left + MENU_INSET_PX, y: box.bottom } });
      event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey || event.altKey) && !isSplitEnter(event)) return;
    if (event.key === "Enter") openActive(openHow(event));
    else if (event.key === "Escape") onEscape();
    else if (event.key === "ArrowLeft" && active?.kind === "instance") fold(active.group, true);
    else if (event.key === "ArrowRight" && active?.kind === "folded") fold(active.group, false);
    else if (event.key === "f" && active?.kind === "instance") onFavourite(active.instance);
    else if (event.key === "i" && active?.kind === "instance") onDetails(active.instance);
    else if (!handleKey(event.key)) return;
    event.preventDefault();
  };

  const onContextMenu = (event: MouseEvent): void => {
    // with Shift it is the browser's
    if (event.shiftKey || !(event.target instanceof Element)) return;
    const picked = view.current?.rowAt(event.target);
    if (picked === undefined) return;
    event.preventDefault();
    setActiveKey(picked.key);
    setMenu({ instance: picked.instance, place: { x: event.clientX, y: event.clientY } });
  };

  const onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const group = view.current?.headerAt(event.target);
    if (group) {
      fold(group, group.folded !== true);
      return;
    }
    const picked = view.current?.rowAt(event.target);
    if (picked === undefined) return;
    const act = event.target.closest("[data-act]")?.getAttribute("data-act");
    setActiveKey(picked.key);
    if (act === "favourite") onFavourite(picked.instance);
    else if (act === "details") onDetails(picked.instance);
    else onOpen(picked.instance, act === "another" ? "new" : openHow(event));
  };

  const menuRef = menu && instanceRef(menu.instance);
  return (
    <>
      <div
        ref={scroller}
        className="list"
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={active && rowId(id, active.key)}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenu={onContextMenu}
      >
        <div ref={body} role="presentation" className="list-all" style={{ height: layout.heightPx }} />
      </div>
      {menu && menuRef && (
        <RowMenu
          {...{ onOpen, onDetails, onFavourite, onCopy }}
          instance={menu.instance}
          place={menu.place}
          isOpen={(openCounts.get(menuRef) ?? 0) > 0}
          favourite={favourites.has(menuRef)}
          onClosed={(isKeyboardTaken) => {
            setMenu(undefined);
            if (!isKeyboardTaken) scroller.current?.focus();
          }}
        />
      )}
    </>
  );
});

function optionRow(placed: PlacedRow | undefined) {
  return placed === undefined || placed.row.kind === "header" ? undefined : placed.row;
}
