import type { SignInOptions } from "@causeway/wire-contract/identity";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";
import { useErrorFocus } from "./use-error-focus.ts";

interface Props {
  api: Pick<SignInApi, "startOidc">;
  offer: NonNullable<SignInOptions["oidc"]>;
  how: SignInMode;
  /** Why the last way there and back led nowhere. */
  failure?: unknown;
  /** Leaves this page. */
  go?(url: string): void;
}

/** Out to the organisation's own sign-in. What comes back is finished by `OidcFinish`. */
export function OidcForm({ api, offer, how, failure: before, go = (url) => window.location.assign(url) }: Props) {
  const [roleArn, setRoleArn] = useState(offer.roles[0]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(before);
  const { form, pointOut } = useErrorFocus(before !== undefined);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { authorizationUrl } = await api.startOidc({ how, ...(roleArn === undefined ? {} : { roleArn }) });
      go(authorizationUrl);
    } catch (error) {
      setFailure(error);
      pointOut();
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="form" onSubmit={(event) => void submit(event)}>
      {offer.roles.length > 1 && (
        <fieldset className="people">
          <legend className="label">Role in AWS</legend>
          {offer.roles.map((arn) => {
            const { account, role } = wordsOf(arn);
            return (
              <label key={arn} className="person">
                <input type="radio" name="oidc-role" checked={arn === roleArn} onChange={() => setRoleArn(arn)} />
                <span>
                  <span className="med">{role}</span>
                  <span className="person-about num">{account}</span>
                </span>
              </label>
            );
          })}
        </fieldset>
      )}
      {failure !== undefined && <FailureBanner error={failure} />}
      <Button type="submit" variant="primary" size="lg" block icon="external" aria-disabled={busy}>
        {busy ? "Opening the sign-in…" : `Continue with ${offer.name}`}
      </Button>
      <p className="hint">
        {how === "add"
          ? "This page is left for a moment. Your terminals go on, and are here again when you come back."
          : "You sign in at your organisation's own page and come back here. Causeway never sees your password."}
      </p>
    </form>
  );
}

/** `arn:aws:iam::111122223333:role/path/Name`. */
function wordsOf(arn: string): { account: string; role: string } {
  const [, , , , account = "", resource = ""] = arn.split(":");
  return { account, role: resource.split("/").at(-1) ?? resource };
}
