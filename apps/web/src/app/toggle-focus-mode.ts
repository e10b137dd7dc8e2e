import type { Keymap } from "../features/workspace/keymap.ts";
import type { Console } from "./console.ts";

/** Goes to focus mode or back, and says how one gets out of it: nothing else on the page does. */
export async function toggleFocusMode(app: FocusHome, keymap: Keymap): Promise<void> {
  const { focusMode, toasts } = app;
  const before = focusMode.getState();
  const state = await focusMode.toggle();
  if (state !== "off") {
    const wayOut = keymap.caps("focus-mode");
    const kept =
      state === "on" ? " The browser keeps some keys for itself; Esc leaves too." : " Holding Esc leaves too.";
    toasts.show({ title: "All keys go to the shell.", detail: `${wayOut.join("+")} leaves.${kept}` });
  } else if (before === "off") toasts.show({ tone: "bad", title: "The browser did not allow full screen." });
  app.focusHome();
}

type FocusHome = Pick<Console, "focusMode" | "toasts" | "focusHome">;
