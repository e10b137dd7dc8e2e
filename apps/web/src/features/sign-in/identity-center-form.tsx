import type { SignInOptions } from "@causeway/wire-contract/identity";
import type { SignInCode, StartPlace } from "@causeway/wire-contract/identity-center";
import { type FormEvent, useEffect, useId, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { blamedField } from "./blamed-field.ts";
import { DeviceCodeView, useSignInCode } from "./device-code-view.tsx";
import { KnownPortals } from "./known-portals.tsx";
import { PortalPicker } from "./portal-picker.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";
import { useErrorFocus } from "./use-error-focus.ts";

interface Props {
  api: SignInApi;
  offer: SignInOptions["identityCenter"];
  how: SignInMode;
  shownRegion?: string | undefined;
  onSignedIn(region?: string): void;
}

/** From the start URL to a code, and from an approved code to an account and a role. */
export function IdentityCenterForm({ api, offer, how, shownRegion, onSignedIn }: Props) {
  const [started, setStarted] = useState<{ code: SignInCode; atMs: number }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const watched = useSignInCode(api, started?.code);
  const approved = started !== undefined && watched.data?.state === "approved";

  const start = async (place: StartPlace): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      setStarted({ code: await api.startCode(place), atMs: Date.now() });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const forget = (): void => {
    if (started) void api.cancelCode(started.code.id).catch(() => undefined);
    setStarted(undefined);
  };

  if (started === undefined)
    return (
      <>
        {how === "add" && <KnownPortals api={api} how={how} shownRegion={shownRegion} onSignedIn={onSignedIn} />}
        <PlaceForm offer={offer} busy={busy} failure={failure} onStart={start} />
      </>
    );
  const { startUrl, region, id } = started.code;
  const again = (): void => void start({ startUrl, region });
  return (
    <>
      {failure !== undefined && <FailureBanner error={failure} />}
      <DeviceCodeView
        key={id}
        api={api}
        first={started.code}
        startedAtMs={started.atMs}
        approved={approved}
        onNewCode={again}
        onOtherPlace={offer.listed.length > 1 || offer.typed ? forget : undefined}
      />
      {approved && (
        <PortalPicker
          api={api}
          portal={{ id, startUrl }}
          how={how}
          shownRegion={shownRegion}
          onSignedIn={onSignedIn}
          onClose={forget}
        />
      )}
    </>
  );
}

function PlaceForm({
  offer,
  busy,
  failure,
  onStart,
}: {
  offer: Props["offer"];
  busy: boolean;
  failure: unknown;
  onStart(place: StartPlace): Promise<void>;
}) {
  const [listed] = offer.listed;
  const [index, setIndex] = useState(0);
  const [startUrl, setStartUrl] = useState(listed?.startUrl ?? "");
  const [region, setRegion] = useState(listed?.region ?? "");
  const [errors, setErrors] = useState<{ startUrl?: string; region?: string }>({});
  const [changedAfter, setChangedAfter] = useState<unknown>();
  const failureId = useId();
  const { form, pointOut } = useErrorFocus();
  useEffect(() => {
    if (failure !== undefined) pointOut();
  }, [failure, pointOut]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const place = offer.typed ? { startUrl: startUrl.trim(), region: region.trim() } : offer.listed[index];
    if (place === undefined) return;
    const missing = {
      ...(place.startUrl === "" && { startUrl: "Enter the start URL of your organisation." }),
      ...(place.region === "" && { region: "Enter the region that Identity Center is in, such as eu-west-1." }),
    };
    setErrors(missing);
    if (Object.keys(missing).length > 0) pointOut();
    else void onStart({ startUrl: place.startUrl, region: place.region });
  };
  // what was changed since is not what was refused
  const isBlamed = changedAfter !== failure && blamedField(failure) === "startUrl";
  const plain = { spellCheck: false, autoComplete: "off", autoCapitalize: "off" };
  return (
    <form ref={form} className="form" noValidate onSubmit={submit}>
      {offer.typed ? (
        <>
          <TextField
            {...plain}
            label="Start URL"
            type="url"
            placeholder="https://d-1234567890.awsapps.com/start"
            value={startUrl}
            error={errors.startUrl}
            blamedBy={isBlamed ? failureId : undefined}
            onChange={(event) => {
              setStartUrl(event.target.value);
              setErrors(({ region: other }) => (other === undefined ? {} : { region: other }));
              setChangedAfter(failure);
            }}
          />
          <TextField
            {...plain}
            className="mono"
            label="Identity Center region"
            placeholder="eu-west-1"
            value={region}
            error={errors.region}
            onChange={(event) => {
              setRegion(event.target.value);
              setErrors(({ startUrl: other }) => (other === undefined ? {} : { startUrl: other }));
            }}
          />
        </>
      ) : (
        <PlaceChoice places={offer.listed} index={index} onIndex={setIndex} />
      )}
      {failure !== undefined && <FailureBanner id={failureId} error={failure} />}
      <Button type="submit" variant="primary" size="lg" block aria-disabled={busy}>
        {busy ? "Asking AWS for a code…" : "Continue"}
      </Button>
      <p className="hint">
        {offer.listed.length > 0
          ? "Your administrator set these."
          : "Both are on the settings page of IAM Identity Center, and in the e-mail that invited you."}
      </p>
    </form>
  );
}

function PlaceChoice({
  places,
  index,
  onIndex,
}: {
  places: readonly StartPlace[];
  index: number;
  onIndex(index: number): void;
}) {
  return (
    <fieldset className="people">
      <legend className="label">Organisation</legend>
      {places.map((place, at) => (
        <label key={`${place.region} ${place.startUrl}`} className="person">
          <input type="radio" name="start-place" checked={at === index} onChange={() => onIndex(at)} />
          <span>
            <span className="med breakable">{place.startUrl}</span>
            <span className="person-about mono">{place.region}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
