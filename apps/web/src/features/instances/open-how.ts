/** What a key or click on an instance asks for (DESIGN §3, §5). */
export type OpenHow = "go" | "new" | "split";

interface Modifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Shift: always another session; Ctrl or ⌘: in a split; otherwise go to the one there is. Pure. */
export function openHow({ shiftKey, ctrlKey, metaKey }: Modifiers): OpenHow {
  if (ctrlKey || metaKey) return "split";
  return shiftKey ? "new" : "go";
}

/** Enter with Ctrl or ⌘: the one plain key of lists that takes them. */
export function isSplitEnter(event: Modifiers & { key: string; altKey: boolean }): boolean {
  return event.key === "Enter" && openHow(event) === "split" && !event.altKey && !event.shiftKey;
}
