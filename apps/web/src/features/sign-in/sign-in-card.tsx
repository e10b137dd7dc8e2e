import type { SignInMethodName } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { rovingIndex } from "../../ui/roving.ts";
import { AccessKeysForm } from "./access-keys-form.tsx";
import { IdentityCenterForm } from "./identity-center-form.tsx";
import { OidcForm } from "./oidc-form.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { ReadyMadeForm } from "./ready-made-form.tsx";
import "./sign-in.css";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";

type Method = SignInMethodName;
const METHODS: Record<Method, { label: string; icon: IconName }> = {
  oidc: { label: "Single sign-on", icon: "globe" },
  "identity-center": { label: "Identity Center", icon: "shield" },
  profile: { label: "AWS profile", icon: "profile" },
  "access-keys": { label: "Access keys", icon: "key" },
  "ready-made": { label: "Sandbox", icon: "sandbox" },
};

interface Props {
  api: SignInApi;
  /** @param region whose list she wants to see first, where she said so */
  onSignedIn(region?: string): void;
  launchFailure?: unknown;
  /** Why the way to the organisation's sign-in and back led nowhere. */
  oidcFailure?: unknown;
  /** The way that is shown first, if it is offered. */
  first?: Method;
  /** Beside the identities that the login has, or instead of them. */
  how?: SignInMode;
  /** The region whose list is shown already, where there is one. */
  shownRegion?: string;
}

/** The ways to sign in that this server offers. Stands on the page of its own and in the panel beside terminals. */
export function SignInCard(props: Props) {
  const { api, onSignedIn, launchFailure, oidcFailure, first = "ready-made", how = "replace", shownRegion } = props;
  const id = useId();
  const options = useQuery({ queryKey: ["sign-in-options"], queryFn: ({ signal }) => api.signInOptions(signal) });
  const [picked, setPicked] = useState<Method>();
  const tabs = useRef(new Map<Method, HTMLButtonElement>());

  if (options.data === undefined)
    return options.isError ? (
      <div className="form">
        <FailureBanner error={options.error} />
        <Button onClick={() => void options.refetch()}>Try again</Button>
      </div>
    ) : (
      <p className="t3" role="status">
        Asking the server how to sign in…
      </p>
    );

  const { accessKeys, identityCenter, oidc, profiles, readyMade, signInHoursMax } = options.data;
  const offered: Method[] = [];
  if (identityCenter.offered) offered.push("identity-center");
  if (oidc) offered.push("oidc");
  if (profiles) offered.push("profile");
  if (accessKeys) offered.push("access-keys");
  if (readyMade.offered) offered.push("ready-made");
  const method = [picked, first].find((one) => one !== undefined && offered.includes(one)) ?? offered[0];

  const move = (event: KeyboardEvent): void => {
    const next = offered[rovingIndex(event.key, method ? offered.indexOf(method) : 0, offered.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    setPicked(next);
    tabs.current.get(next)?.focus();
  };
  const panel = offered.length > 1 ? { role: "tabpanel", "aria-labelledby": `${id}-${method}` } : {};

  return (
    <>
      {offered.length > 1 && (
        <div className="methods" role="tablist" aria-label="Sign-in method">
          {offered.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              id={`${id}-${each}`}
              ref={(element) => {
                if (element) tabs.current.set(each, element);
                else tabs.current.delete(each);
              }}
              aria-selected={each === method}
              aria-controls={`${id}-panel`}
              tabIndex={each === method ? 0 : -1}
              onClick={() => setPicked(each)}
              onKeyDown={move}
            >
              <Icon name={METHODS[each].icon} />
              {each === "oidc" && oidc ? oidc.name : METHODS[each].label}
            </button>
          ))}
        </div>
      )}
      <div id={`${id}-panel`} {...panel} className="method-panel">
        {method === "identity-center" && (
          <IdentityCenterForm
            api={api}
            offer={identityCenter}
            how={how}
            shownRegion={shownRegion}
            onSignedIn={onSignedIn}
          />
        )}
        {method === "oidc" && oidc && <OidcForm api={api} offer={oidc} how={how} failure={oidcFailure} />}
        {method === "profile" && profiles && (
          <ProfileForm api={api} launched={profiles.launched} how={how} onSignedIn={onSignedIn} />
        )}
        {method === "access-keys" && (
          <AccessKeysForm
            signIn={(keys) => api.signInWithAccessKeys({ ...keys, how })}
            onSignedIn={onSignedIn}
            hoursMax={signInHoursMax}
          />
        )}
        {method === "ready-made" && (
          <ReadyMadeForm
            readyMade={readyMade}
            signIn={(personId) => api.signInAsReadyMade({ personId, how })}
            onSignedIn={onSignedIn}
            launchFailure={launchFailure}
          />
        )}
        {method === undefined && (
          <p className="t2">This server offers no way to sign in. Its operator can set one up.</p>
        )}
      </div>
      <p className="note">
        <Icon name="lock" size="sm" />
        <span>
          Credentials stay on this server, encrypted, and never reach the browser again. They end when you sign out or
          after {signInHoursMax}&nbsp;hours.
        </span>
      </p>
    </>
  );
}
