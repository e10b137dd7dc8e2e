/**
 * Where the panes of the tabs stand, and how that changes: split, move, zoom, dividers. Refuses what leaves a pane too little
 * room, and says so in the pane's status bar. Owns no tabs: it is told and tells.
 */
import { CELLS_MIN, hasRoom, leastShares, neighbourOf, type PlacedDivider, type PxSize } from "./pane-layout.ts";
import { paneKeys, type Side, withDividerMoved, withEvenSizes, withPaneAtEdge, withPanesSwapped } from "./pane-tree.ts";
import { refusalOf, withPaneInOwnTab, withPaneTaken, withSplit } from "./tab-panes.ts";
import { type Pane, type Tab, type TabState, tabOf, tabWithPane, withTabChanged } from "./tab-state.ts";

/** What the page knows of its pixels. */
export interface PaneArea {
  /** Of all panes of a tab together. */
  area: PxSize;
  /** Of one character. */
  cell: PxSize;
}

interface Deps {
  newKey(): string;
  state(): TabState;
  /** @param focus the keyboard goes to the active terminal */
  set(tabs: TabState, focus: boolean): void;
  /** Says at a pane why what was asked of it was not done. */
  note(paneKey: string, text: string): void;
}

const NO_ROOM = `No room: a pane needs ${CELLS_MIN.cols} × ${CELLS_MIN.rows} cells.`;
const NO_PLACE = "Panes cannot be split that deep.";

export class PaneArranging {
  readonly #deps: Deps;
  #measure: () => PaneArea | undefined = () => undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** How the page measures its panes; without it nothing is refused for want of room. @returns stops using it */
  measureWith(measure: () => PaneArea | undefined): () => void {
    this.#measure = measure;
    return () => {
      if (this.#measure === measure) this.#measure = () => undefined;
    };
  }

  /** @returns the tabs with this pane beside another one; undefined: refused, and said so */
  splitOff(at: string, side: Side, pane: Pane): TabState | undefined {
    const state = this.#deps.state();
    const tab = tabWithPane(state, at);
    if (tab === undefined) return undefined;
    const next = withSplit(state, at, side, pane);
    if (next === state) this.#deps.note(at, refusalOf(tab.tree, at, side) ?? NO_PLACE);
    else if (!this.#hasRoom(next, [at, pane.key])) this.#deps.note(at, NO_ROOM);
    else return next;
    return undefined;
  }

  /** The active pane gets all of the tab's area, or gives it back. */
  zoom(tab: Tab): void {
    if (tab.panes.length > 1) this.#change(tabOf({ ...tab, zoomed: !tab.zoomed }), true);
  }

  /** @param share of the split's length that the divider goes, as far as the panes keep the least room */
  moveDivider(tabKey: string, divider: PlacedDivider, share: number): void {
    this.#changeTree(tabKey, (tree) => {
      const px = this.#measure();
      const least = px && leastShares(tree, divider, px.area, px.cell);
      return withDividerMoved(tree, divider.path, divider.index, share, least);
    });
  }

  evenOut(tabKey: string, { path }: PlacedDivider): void {
    this.#changeTree(tabKey, (tree) => withEvenSizes(tree, path));
  }

  /** Takes a pane to a side of another one, of this tab or another. */
  move(paneKey: string, at: string, side: Side): void {
    const state = this.#deps.state();
    const to = tabWithPane(state, at);
    if (to === undefined || paneKey === at) return;
    const next = withPaneTaken(state, paneKey, at, side);
    if (next === state) this.#deps.note(paneKey, refusalOf(to.tree, at, side) ?? NO_PLACE);
    else if (this.#hasRoom(next, [paneKey, at])) this.#deps.set(next, true);
    else this.#deps.note(paneKey, NO_ROOM);
  }

  /** Changes places with the pane on that side; with none there, it goes to that edge of the tab. */
  moveTowards({ tree, activePane, ...tab }: Tab, side: Side): void {
    const neighbour = neighbourOf(tree, activePane, side);
    const next =
      neighbour === undefined ? withPaneAtEdge(tree, activePane, side) : withPanesSwapped(tree, activePane, neighbour);
    if (next === undefined) return;
    const moved = withTabChanged(this.#deps.state(), tabOf({ ...tab, activePane, tree: next, zoomed: false }));
    if (neighbour !== undefined || this.#hasRoom(moved, paneKeys(next))) this.#deps.set(moved, true);
    else this.#deps.note(activePane, NO_ROOM);
  }

  toOwnTab(paneKey: string, at?: number): void {
    this.#deps.set(withPaneInOwnTab(this.#deps.state(), paneKey, this.#deps.newKey(), at), true);
  }

  /** Has each of these the least room? They are panes of one tab. */
  #hasRoom(state: TabState, keys: readonly string[]): boolean {
    const tree = tabWithPane(state, keys[0] ?? "")?.tree;
    const px = this.#measure();
    return px === undefined || tree === undefined || hasRoom(tree, keys, px.area, px.cell);
  }

  #changeTree(tabKey: string, change: (tree: Tab["tree"]) => Tab["tree"]): void {
    const tab = this.#deps.state().tabs.find(({ key }) => key === tabKey);
    if (tab) this.#change(tabOf({ ...tab, tree: change(tab.tree) }), false);
  }

  #change(tab: Tab, focus: boolean): void {
    this.#deps.set(withTabChanged(this.#deps.state(), tab), focus);
  }
}
