/**
 * While something modal is shown, readers of the screen find only it, and hear what speaks by itself elsewhere. For what is
 * modal without the browser's or Radix's help: these make the page work out all of its styles anew.
 */

/** Stay audible: notices are told also over a dialog. */
const SPEAKING = "[aria-live], [role=status], [role=alert], [role=log]";

/** @param shown in the document · @returns shows the others again; what was hidden before stays so */
export function hideOthers(shown: Element): () => void {
  const kept = [shown, ...document.querySelectorAll(SPEAKING)];
  const hidden: Element[] = [];
  const hideIn = (parent: Element): void => {
    for (const child of parent.children) {
      if (child.getAttribute("aria-hidden") === "true" || child.tagName === "SCRIPT") continue;
      if (kept.includes(child)) continue;
      if (kept.some((one) => child.contains(one))) hideIn(child);
      else hidden.push(child);
    }
  };
  hideIn(document.body);
  for (const one of hidden) one.setAttribute("aria-hidden", "true");
  return () => {
    for (const one of hidden.splice(0)) one.removeAttribute("aria-hidden");
  };
}
