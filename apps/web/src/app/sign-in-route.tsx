import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { OidcFinish } from "../features/sign-in/oidc-finish.tsx";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { useConsole } from "./console-context.ts";

const route = getRouteApi("/sign-in");

export function SignInRoute() {
  const app = useConsole();
  // the answer that led here is fresh enough
  const me = useQuery({ ...app.meQuery, retryOnMount: false });
  const navigate = useNavigate();
  const { via } = route.useSearch();
  const [oidcFailure, setOidcFailure] = useState<unknown>();
  const enter = async (): Promise<void> => {
    await app.signedIn();
    // whoever opened a link before she went to sign in goes on there
    const { shareId } = await app.api.carriedShare().catch(() => ({ shareId: undefined }));
    if (shareId === undefined) await navigate({ to: "/", replace: true });
    else await navigate({ to: "/s/$shareId", params: { shareId }, replace: true });
  };
  if (via === "oidc" && oidcFailure === undefined)
    return <OidcFinish api={app.api} onSignedIn={() => void enter()} onFailed={setOidcFailure} />;
  // whoever is signed in already learns there why nobody was added
  if (me.data && oidcFailure === undefined) return <Navigate to="/" replace />;
  return (
    <SignInPage
      api={app.api}
      host={window.location.host}
      launchFailure={app.launchFailure}
      oidcFailure={oidcFailure}
      {...(oidcFailure === undefined ? {} : { first: "oidc" })}
      onSignedIn={() => void enter()}
    />
  );
}
