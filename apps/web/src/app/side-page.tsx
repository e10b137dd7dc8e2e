/** A page beside the terminals: rail, title, a way to sign out. The terminals go on meanwhile. */
import type { Me } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { lazyPart } from "../ui/lazy-part.tsx";
import { useConsole } from "./console-context.ts";
import "../features/workspace/workspace.css";
import { Rail, type RailPlace } from "./rail.tsx";

const SignOutDialog = lazyPart(async () => (await import("./sign-out.tsx")).SignOutDialog);

interface Props {
  me: Me;
  here?: RailPlace;
  title: string;
  /** Class of the main part. */
  className: string;
  onLeave(): void;
  children: ReactNode;
}

export function SidePage({ me, here, title, className, onLeave, children }: Props) {
  const app = useConsole();
  const [signingOut, setSigningOut] = useState(false);
  useEffect(() => {
    document.title = `${title} · Causeway`;
  }, [title]);
  const main = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // what led here has left with its page: the keyboard begins at what is new
    if (!main.current?.contains(document.activeElement)) main.current?.focus();
  }, []);
  useLeaveByEscape(onLeave);
  const liveCount = useLiveCount(signingOut);
  return (
    <div className="app">
      <Rail
        me={me}
        {...(here === undefined ? { here: "elsewhere" } : { here })}
        listShown={false}
        onToggleList={onLeave}
        onTerminals={() => undefined}
        onSignOut={() => setSigningOut(true)}
      />
      <main ref={main} className={className} tabIndex={-1}>
        {children}
      </main>
      {signingOut && (
        <SignOutDialog
          me={me}
          liveCount={liveCount}
          signOut={(how) => app.signOut(how)}
          onCancel={() => setSigningOut(false)}
        />
      )}
    </div>
  );
}

/** Escape leads back to the terminals (DESIGN §3), unless a dialog or a menu took it, or somebody writes. */
function useLeaveByEscape(onLeave: () => void): void {
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || isWriting(event.target)) return;
      leave.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

/** Shells that run for whoever is signed in, in this browser and others; asked for only while `wanted`. */
export function useLiveCount(wanted: boolean): number {
  const app = useConsole();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => app.api.listSessions(signal),
    enabled: wanted,
  });
  return sessions.data?.sessions.filter(({ ended }) => ended === undefined).length ?? 0;
}
