import type { LocalProfile } from "@causeway/wire-contract/profiles";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { blamedField } from "./blamed-field.ts";
import { NotLaunched } from "./not-launched.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";
import { useErrorFocus } from "./use-error-focus.ts";

const KINDS: Record<LocalProfile["kind"], string> = {
  keys: "access keys",
  role: "assume role",
  process: "credential_process",
  "identity-center": "Identity Center",
  "web-identity": "web identity",
};

interface Props {
  api: Pick<SignInApi, "localProfiles" | "signInWithProfile">;
  /** This browser came through the printed link. */
  launched: boolean;
  how: SignInMode;
  onSignedIn(): void;
}

/** A profile of the AWS configuration of this computer. */
export function ProfileForm({ api, launched, how, onSignedIn }: Props) {
  const listing = useQuery({
    queryKey: ["local-profiles"],
    queryFn: ({ signal }) => api.localProfiles(signal),
    enabled: launched,
    staleTime: 0,
  });
  if (!launched) return <NotLaunched what="profiles are offered to" />;
  if (listing.isError)
    return (
      <div className="form">
        <FailureBanner error={listing.error} />
        <Button onClick={() => void listing.refetch()}>Try again</Button>
      </div>
    );
  if (listing.data === undefined)
    return (
      <p className="t3" role="status">
        Reading the profiles of this computer…
      </p>
    );
  const { profiles, truncated } = listing.data;
  if (profiles.length === 0)
    return (
      <p className="t2">
        There is no profile here that gives credentials. Make one with <span className="mono">aws configure</span> or{" "}
        <span className="mono">aws configure sso</span>, then <ReadAgain onClick={() => void listing.refetch()} />
      </p>
    );
  return (
    <ProfileChoice
      profiles={profiles}
      truncated={truncated}
      signIn={(name, mfaCode) => api.signInWithProfile({ name, how, ...(mfaCode === "" ? {} : { mfaCode }) })}
      onSignedIn={onSignedIn}
    />
  );
}

function ReadAgain({ onClick }: { onClick(): void }) {
  return (
    <Button size="sm" onClick={onClick}>
      Read again
    </Button>
  );
}

function ProfileChoice({
  profiles,
  truncated,
  signIn,
  onSignedIn,
}: {
  profiles: readonly LocalProfile[];
  truncated: boolean;
  signIn(name: string, mfaCode: string): Promise<void>;
  onSignedIn(): void;
}) {
  const [name, setName] = useState(profiles[0]?.name);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const chosen = profiles.find((profile) => profile.name === name) ?? profiles[0];
  const [isBlamed, setBlamed] = useState(false);
  const failureId = useId();
  const { form, pointOut } = useErrorFocus();
  const needsCode = chosen?.mfa === true || blamedField(failure) === "mfaCode";
  const typed = code.replace(/\s/g, "");
  const wrongCode = typed !== "" && !/^[0-9]{6}$/.test(typed) ? "An MFA code is six digits." : undefined;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrongCode !== undefined) return pointOut();
    if (busy || chosen === undefined) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(chosen.name, needsCode ? typed : "");
      onSignedIn();
    } catch (error) {
      setFailure(error);
      setBlamed(blamedField(error) === "mfaCode");
      pointOut();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="form" noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="people">
        <legend className="label">Profile on this computer</legend>
        {profiles.map((profile) => (
          <label key={profile.name} className="person profile">
            <input
              type="radio"
              name="profile"
              checked={profile === chosen}
              onChange={() => {
                setName(profile.name);
                setFailure(undefined);
                setBlamed(false);
              }}
            />
            <span>
              <span className="med breakable">{profile.name}</span>
              <span className="person-about">{KINDS[profile.kind]}</span>
            </span>
            {profile.mfa && <span className="needs-mfa">needs MFA</span>}
          </label>
        ))}
      </fieldset>
      {truncated && <p className="hint">There are more profiles than are listed here.</p>}
      {needsCode && (
        <TextField
          className="mono"
          inputMode="numeric"
          autoComplete="one-time-code"
          label="MFA code"
          placeholder="6 digits"
          value={code}
          error={wrongCode}
          blamedBy={isBlamed ? failureId : undefined}
          onChange={(event) => {
            setCode(event.target.value);
            setBlamed(false);
          }}
        />
      )}
      {failure !== undefined && <FailureBanner id={failureId} error={failure} />}
      <Button type="submit" variant="primary" size="lg" block aria-disabled={busy}>
        {busy ? "Asking AWS who you are…" : `Use ${chosen?.name ?? ""}`}
      </Button>
      <p className="hint">
        Read from <span className="mono">~/.aws</span> by the server on this computer. Shown only when Causeway runs
        locally.
        {chosen?.kind === "identity-center" && (
          <>
            {" "}
            Refresh with <span className="mono">aws sso login --profile {chosen.name}</span>.
          </>
        )}
      </p>
    </form>
  );
}
