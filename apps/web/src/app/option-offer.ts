/**
 * On macOS Option types characters of its own, where shells know Alt as Meta. That it can be either is offered once: to whoever
 * has just typed such a character into a terminal, most likely without meaning it (DESIGN §3).
 */
import type { Hints } from "./hints.ts";

export interface OptionOfferDeps {
  page: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  hints: Pick<Hints, "offer">;
  /** Is it Meta already? */
  isMeta(): boolean;
  /** From now on it is. */
  makeMeta(): void;
  /** Does what is typed there go to a shell? */
  isTerminal(target: EventTarget | null): boolean;
}

/** Only where there is an Option key. @returns takes it back */
export function offerOptionAsMeta(deps: OptionOfferDeps): () => void {
  const onKeyDown = (event: Event): void => {
    const { altKey, ctrlKey, metaKey, isComposing, key, target } = event as KeyboardEvent;
    if (!altKey || ctrlKey || metaKey || isComposing || !isTypedByOption(key)) return;
    if (deps.isMeta() || !deps.isTerminal(target)) return;
    deps.hints.offer("option-meta", {
      title: `Option typed “${key}”`,
      detail:
        "As Meta it gives the shell Alt with the key instead, as in Alt+B and Alt+F. The settings change it back.",
      action: { label: "Use Option as Meta", run: deps.makeMeta },
    });
  };
  deps.page.addEventListener("keydown", onKeyDown);
  return () => deps.page.removeEventListener("keydown", onKeyDown);
}

/** One character that is not of ASCII. */
function isTypedByOption(key: string): boolean {
  return [...key].length === 1 && (key.codePointAt(0) ?? 0) > 0x7f;
}
