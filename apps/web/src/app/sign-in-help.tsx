/** What somebody can look at before she signs in: how the server is, and which keys the console takes. */
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { askReadiness, ServerStatus } from "../features/sign-in/server-status.tsx";
import { ACTIONS } from "../features/workspace/keymap.ts";
import { IconButton } from "../ui/button.tsx";
import { Keys } from "../ui/keys.tsx";
import { useConsole } from "./console-context.ts";

export function SignInHelp() {
  const [shown, setShown] = useState<"status" | "keys">();
  return (
    <>
      <button type="button" className="foot-link" onClick={() => setShown("status")}>
        Status
      </button>
      <button type="button" className="foot-link" onClick={() => setShown("keys")}>
        Keyboard help
      </button>
      {shown && (
        <Sheet title={shown === "status" ? "Status of this server" : "Keys"} onClose={() => setShown(undefined)}>
          {shown === "status" ? <ServerStatus ask={(signal) => askReadiness(fetch, signal)} /> : <KeyList />}
        </Sheet>
      )}
    </>
  );
}

/** The chords as they are before anybody chose others; those are chosen once one is signed in. */
function KeyList() {
  const keymap = useConsole().keymap();
  return (
    <>
      <p>In a terminal only these are taken from the shell. You can choose others once you are signed in.</p>
      <ul className="help-keys">
        {ACTIONS.map(({ id, words }) => ({ id, words, caps: keymap.caps(id) }))
          .filter(({ caps }) => caps.length > 0)
          .map(({ id, words, caps }) => (
            <li key={id}>
              <span className="grow">{words}</span>
              <Keys caps={caps} />
            </li>
          ))}
      </ul>
    </>
  );
}

function Sheet({ title, children, onClose }: { title: string; children: ReactNode; onClose(): void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content data-modal="" className="dialog" aria-describedby={undefined}>
          <div className="dialog-head">
            <Dialog.Title asChild>
              <h2>{title}</h2>
            </Dialog.Title>
            <Dialog.Close asChild>
              <IconButton icon="close" label="Close" className="end-aligned" />
            </Dialog.Close>
          </div>
          {/* longer than a low window: scrolled, also by keyboard */}
          <section className="dialog-text help-text" aria-label={title} tabIndex={0}>
            {children}
          </section>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
