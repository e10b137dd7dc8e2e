/** The clipboard's events and the mouse button at a terminal's element, as long as the terminal lives. */
export interface PointerActs {
  /** As it would be copied; empty: nothing is selected. */
  selection(): string;
  /** Something may have been selected. */
  onSelected(): void;
  /** The wheel was turned with Ctrl or ⌘ held, or a pinch made. @param step 1: up, larger; -1: down */
  onWheelStep(step: 1 | -1): void;
  /** @param text as the clipboard had it, never empty */
  onPaste(text: string): void;
}

/** So far is one step: a notch of a wheel is more, a pinch is made of many smaller turns. */
const WHEEL_STEP_PX = 30;
/** What browsers that count lines take for one. */
const WHEEL_LINE_PX = 16;

/** @returns takes the listeners away */
export function listenAt(element: HTMLElement, acts: PointerActs): () => void {
  const paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "") acts.onPaste(text);
  };
  // where the page cannot write the clipboard by itself, the browser asks for what is to be copied
  const copied = (event: ClipboardEvent): void => {
    const text = acts.selection();
    if (text === "") return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopPropagation();
  };
  const selected = (event: MouseEvent): void => {
    if (event.button === 0) acts.onSelected();
  };
  let turnedPx = 0;
  const wheel = (event: WheelEvent): void => {
    if (!(event.ctrlKey || event.metaKey)) return;
    event.preventDefault(); // or the browser zooms the page
    event.stopPropagation();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_LINE_PX;
    turnedPx = Math.sign(px) === -Math.sign(turnedPx) ? px : turnedPx + px;
    if (Math.abs(turnedPx) < WHEEL_STEP_PX) return;
    acts.onWheelStep(turnedPx < 0 ? 1 : -1);
    turnedPx = 0;
  };
  element.addEventListener("wheel", wheel, { capture: true, passive: false });
  element.addEventListener("paste", paste, { capture: true });
  element.addEventListener("copy", copied, { capture: true });
  element.addEventListener("mouseup", selected);
  return () => {
    element.removeEventListener("wheel", wheel, { capture: true });
    element.removeEventListener("paste", paste, { capture: true });
    element.removeEventListener("copy", copied, { capture: true });
    element.removeEventListener("mouseup", selected);
  };
}
