/** What viewers do at a terminal, as notices to its owner; a question for the keyboard is answered in its notice. */
import type { PresentPerson } from "@causeway/wire-contract/sharing";
import type { SharingStore } from "../features/sharing/sharing-store.ts";
import type { Toasts } from "../ui/toasts.ts";

/** The part of a terminal that answers. */
export interface SharedTerminalParts {
  readonly target: { instanceName: string };
  say(message: { type: "keyboard"; act: "allow" | "refuse"; who: string }): boolean;
}

/** @returns stops it: nothing is asked any more about a terminal that was closed */
export function tellOfViewers(
  terminal: SharedTerminalParts,
  sharing: Pick<SharingStore, "getView" | "nameOf" | "onEvent" | "subscribe">,
  toasts: Pick<Toasts, "show" | "dismiss">,
  nowMs: () => number,
): () => void {
  const { instanceName } = terminal.target;
  /** The notice of each who asks; at most as many as people may watch. */
  const asked = new Map<string, number>();
  const ask = ({ key: who, name, until }: PresentPerson): number =>
    toasts.show({
      title: `${name} asks for the keyboard`,
      detail: `Of your terminal on ${instanceName}. What ${name} types runs as you.`,
      asksForMs: Math.max(0, (until ?? 0) - nowMs()),
      action: { label: "Allow", run: () => terminal.say({ type: "keyboard", act: "allow", who }) },
      other: { label: "Not now", run: () => terminal.say({ type: "keyboard", act: "refuse", who }) },
    });
  // by how it is, not by what happened: a page that was reloaded is asked too, and one that was answered for is not any more
  const leavePeople = sharing.subscribe(() => {
    const { people, you } = sharing.getView();
    if (you === undefined) return; // a gap: what is asked stays asked
    const asking = people.filter(({ keyboard }) => keyboard === "asked");
    for (const [who, notice] of [...asked]) {
      if (asking.some(({ key }) => key === who)) continue;
      asked.delete(who);
      toasts.dismiss(notice);
    }
    for (const person of asking) if (!asked.has(person.key)) asked.set(person.key, ask(person));
  });
  const leaveEvents = sharing.onEvent(({ event, who, swallowed }) => {
    const name = sharing.nameOf(who) ?? "Somebody";
    if (event === "joined")
      toasts.show({ title: `${name} joined`, detail: `Watches your terminal on ${instanceName}.` });
    else if (event === "taken-back")
      toasts.show({
        title: "You took the keyboard back",
        ...(swallowed ? { detail: `The key that did it was not sent. ${name} watches on.` } : {}),
      });
    else if (event === "given-back") toasts.show({ title: `${name} gave the keyboard back` });
    else if (event === "returned") toasts.show({ title: `${name} has the keyboard no more` });
  });
  return () => {
    leavePeople();
    leaveEvents();
    for (const notice of asked.values()) toasts.dismiss(notice);
    asked.clear();
  };
}
