import type { Me } from "@causeway/wire-contract/identity";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { SignInCard } from "../features/sign-in/sign-in-card.tsx";
import { Icon } from "../lib/icons.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { useConsole } from "./console-context.ts";

/** The login is gone, the terminals are not: a strip, and a panel beside them to sign in again. */
export function SignInAgain({ method, onClosed }: { method: Me["method"]; onClosed(): void }) {
  const app = useConsole();
  const open = useSyncExternalStore(app.subscribeSignedOut, app.isSignInOpen);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (open) heading.current?.focus();
  }, [open]);
  const close = (): void => {
    app.closeSignIn();
    onClosed();
  };
  return (
    <>
      <div className="main-strip" role="status">
        <Icon name="key" />
        <span>
          <b>Your sign-in ended.</b> <span className="t2">Open terminals go on. New ones need you to sign in.</span>
        </span>
        <Button size="sm" className="end-aligned" onClick={() => app.askToSignIn()}>
          Sign in again
        </Button>
      </div>
      {open && (
        <div
          className="drawer"
          role="dialog"
          aria-labelledby="sign-in-again"
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        >
          <div className="drawer-head">
            <h2 id="sign-in-again" ref={heading} tabIndex={-1}>
              Sign in again
            </h2>
            <IconButton icon="close" label="Close" onClick={close} />
          </div>
          <SignInCard
            how="add"
            api={app.api}
            first={method === "ready-made" || method === "identity-center" ? method : "access-keys"}
            onSignedIn={() => void app.signedIn().then(close)}
          />
        </div>
      )}
    </>
  );
}
