/** The clipboard's events and the mouse button at a terminal's element, as long as the terminal lives. */
export interface PointerActs {
  /** As it would be copied; empty: nothing is selected. */
  selection(): string;
  /** Something may have been selected. */
  onSelected(): void;
  /** @param text as the clipboard had it, never empty */
  onPaste(text: string): void;
}

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
  element.addEventListener("paste", paste, { capture: true });
  element.addEventListener("copy", copied, { capture: true });
  element.addEventListener("mouseup", selected);
  return () => {
    element.removeEventListener("paste", paste, { capture: true });
    element.removeEventListener("copy", copied, { capture: true });
    element.removeEventListener("mouseup", selected);
  };
}
