import { isLoginEndCode } from "@causeway/wire-contract/login-ends";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { OidcFinish } from "../features/sign-in/oidc-finish.tsx";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { ApiProblem } from "../lib/api-client.ts";
import { useConsole } from "./console-context.ts";
import { SignInHelp } from "./sign-in-help.tsx";

const route = getRouteApi("/sign-in");

export function SignInRoute() {
  const app = useConsole();
  // the answer that led here is fresh enough
  const me = useQuery({ ...app.meQuery, retryOnMount: false });
  const navigate = useNavigate();
  const { via } = route.useSearch();
  const [oidcFailure, setOidcFailure] = useState<unknown>();
  /** The list to begin with, also where the page knows who she is before `enter` goes on. */
  const chosen = useRef<{ region?: string }>({});
  const enter = async (region?: string): Promise<void> => {
    chosen.current = region === undefined ? {} : { region };
    await app.signedIn();
    // whoever opened a link before she went to sign in goes on there
    const { shareId } = await app.api.carriedShare().catch(() => ({ shareId: undefined }));
    if (shareId === undefined) await navigate({ to: "/", search: chosen.current, replace: true });
    else await navigate({ to: "/s/$shareId", params: { shareId }, replace: true });
  };
  if (via === "oidc" && oidcFailure === undefined)
    return <OidcFinish api={app.api} onSignedIn={() => void enter()} onFailed={setOidcFailure} />;
  // whoever is signed in already learns there why nobody was added
  if (me.data && oidcFailure === undefined) return <Navigate to="/" search={chosen.current} replace />;
  const ended = me.error instanceof ApiProblem && isLoginEndCode(me.error.problem.code) ? me.error.problem : undefined;
  return (
    <SignInPage
      api={app.api}
      host={window.location.host}
      ended={ended}
      help={<SignInHelp />}
      launchFailure={app.launchFailure}
      oidcFailure={oidcFailure}
      {...(oidcFailure === undefined ? {} : { first: "oidc" })}
      onSignedIn={(region) => void enter(region)}
    />
  );
}
