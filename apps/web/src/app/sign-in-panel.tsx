/** Signing in beside the terminals, which go on: strips that say who has to, and the panel in which it is done. */
import type { IdentityView, Me } from "@causeway/wire-contract/identity";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Icon } from "../lib/icons.tsx";
import { identityTitle } from "../lib/identities.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import type { SignInPurpose } from "./console.ts";
import { useConsole } from "./console-context.ts";
import type { IdentityTrouble } from "./identity-troubles.ts";
import { loginEndWords, type SignInEnded } from "./login-end.ts";

const SignInCard = lazyPart(async () => (await import("../features/sign-in/sign-in-card.tsx")).SignInCard);

/** Identities that get a strip of their own; more are counted. */
export const STRIPS_MAX = 3;

interface StripsProps {
  /** Of the identities; not read while the login as such is over. */
  troubles: readonly IdentityTrouble[];
  /** Every name the login had is verified. */
  allProven: boolean;
  nowMs: number;
}

export function SignInStrips({ troubles, allProven, nowMs }: StripsProps) {
  const app = useConsole();
  const ended = useSyncExternalStore(app.subscribeSignIn, app.signInEnded);
  if (ended?.of === "login" || (ended?.of === "credentials" && !troubles.some(({ kind }) => kind === "expired")))
    return (
      <Strip
        {...endedWords(ended, allProven)}
        onSignIn={() => app.askToSignIn({ kind: "again", identityId: undefined })}
      />
    );
  const more = troubles.length - STRIPS_MAX;
  return (
    <>
      {troubles.slice(0, STRIPS_MAX).map(({ identity, kind, atMs }) => (
        <Strip
          key={identity.id}
          title={troubleTitle(identity, kind, atMs, nowMs)}
          detail={
            kind === "expired"
              ? "Its terminals go on. New ones need you to sign in."
              : "Its terminals go on after that, too."
          }
          onSignIn={() => app.askToSignIn({ kind: "again", identityId: identity.id })}
        />
      ))}
      {more > 0 && (
        <div className="main-strip" role="status">
          <Icon name="key" />
          <span className="t2">
            {more === 1 ? "One more identity needs" : `${more} more identities need`} you to sign in.
          </span>
        </div>
      )}
    </>
  );
}

function endedWords(ended: SignInEnded, allProven: boolean): { title: string; detail: string } {
  if (ended.of === "login") return loginEndWords(ended.problem, allProven);
  return {
    title: "AWS does not accept your credentials any more.",
    detail: "Open terminals go on. New ones need you to sign in.",
  };
}

/** "SRE in harbor-prod: your AWS credentials end in 9 min." */
export function troubleTitle(
  identity: IdentityView,
  kind: IdentityTrouble["kind"],
  atMs: number | undefined,
  nowMs: number,
): string {
  const who = identityTitle(identity);
  if (kind === "expired") return `${who}: your AWS credentials ended.`;
  const minutes = Math.max(0, Math.ceil(((atMs ?? nowMs) - nowMs) / 60_000));
  return `${who}: your AWS credentials end in ${minutes <= 1 ? "a minute" : `${minutes} min`}.`;
}

function Strip({ title, detail, onSignIn }: { title: string; detail: string; onSignIn(): void }) {
  return (
    <div className="main-strip" role="status">
      <Icon name="key" />
      <span>
        <b>{title}</b> <span className="t2">{detail}</span>
      </span>
      <Button size="sm" className="end-aligned" onClick={onSignIn}>
        Sign in again
      </Button>
    </div>
  );
}

interface PanelProps {
  purpose: SignInPurpose;
  /** The region whose list is shown. */
  region: string;
  /** With who is signed in now, and the region she wants to see, where she was asked. */
  onSignedIn(me: Me, region?: string): void;
  onClosed(): void;
}

/** Beside the identities that the login has: one more, or the same one anew. */
export function SignInPanel({ purpose, region, onSignedIn, onClosed }: PanelProps) {
  const app = useConsole();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [purpose]);
  const identity = app.identities.shown(purpose.kind === "again" ? purpose.identityId : undefined);
  const close = (): void => {
    app.closeSignIn();
    onClosed();
  };
  const method = identity?.method;
  return (
    <div
      className="drawer"
      role="dialog"
      aria-labelledby="sign-in-panel"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div className="drawer-head">
        <h2 id="sign-in-panel" ref={heading} tabIndex={-1}>
          {purpose.kind === "add" ? "Sign in with another role" : "Sign in again"}
        </h2>
        <IconButton icon="close" label="Close" onClick={close} />
      </div>
      <p className="t2">
        {purpose.kind === "add"
          ? "It stands beside the ones you have: each list, tab and terminal names whose it is."
          : identity && purpose.identityId !== undefined && `As ${identity.person.name}, ${identityTitle(identity)}.`}
      </p>
      <SignInCard
        how="add"
        api={app.api}
        first={method ?? "access-keys"}
        shownRegion={region}
        onSignedIn={(chosen) =>
          void app.signedIn().then((me) => {
            onSignedIn(me, chosen);
            close();
          })
        }
      />
    </div>
  );
}
