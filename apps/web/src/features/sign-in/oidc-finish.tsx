import { useEffect, useRef } from "react";
import type { SignInApi } from "./sign-in-api.ts";

interface Props {
  api: Pick<SignInApi, "finishOidc">;
  onSignedIn(): void;
  onFailed(failure: unknown): void;
}

/** The browser is back from the organisation's sign-in: one request finishes it, from this page, with all our cookies. */
export function OidcFinish({ api, onSignedIn, onFailed }: Props) {
  const asked = useRef(false);
  useEffect(() => {
    // what came back works once, also where React mounts twice
    if (asked.current) return;
    asked.current = true;
    api.finishOidc().then(onSignedIn, onFailed);
  });
  return (
    <main className="page-wait" aria-busy="true">
      <p className="t2" role="status">
        Signing you in…
      </p>
    </main>
  );
}
