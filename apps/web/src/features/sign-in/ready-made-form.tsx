import type { ReadyMadePerson, SignInOptions } from "@causeway/wire-contract/identity";
import { type FormEvent, useId, useState } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { NotLaunched } from "./not-launched.tsx";
import { useErrorFocus } from "./use-error-focus.ts";

interface Props {
  readyMade: SignInOptions["readyMade"];
  signIn(personId: string): Promise<void>;
  onSignedIn(): void;
  /** Why the printed link that opened this page did not work, if it did not. */
  launchFailure?: unknown;
}

const FACTS: readonly { icon: IconName; text: string }[] = [
  { icon: "server", text: "Pretend instances in a made-up account, with real shells that run beside this server." },
  { icon: "shield", text: "No AWS account and no cost. Requests are signed, and allowed or denied, as with AWS." },
];

/** The sandbox's people, offered only to a browser that came through the printed link. */
export function ReadyMadeForm({ readyMade, signIn, onSignedIn, launchFailure }: Props) {
  return (
    <div className="form">
      <ul className="facts">
        {FACTS.map(({ icon, text }) => (
          <li key={text}>
            <Icon name={icon} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {launchFailure !== undefined && <FailureBanner error={launchFailure} />}
      {readyMade.launched ? (
        <PeopleChoice people={readyMade.people} signIn={signIn} onSignedIn={onSignedIn} />
      ) : (
        <NotLaunched what="the sandbox lets in" />
      )}
    </div>
  );
}

function PeopleChoice({
  people,
  signIn,
  onSignedIn,
}: Pick<Props, "signIn" | "onSignedIn"> & { people: readonly ReadyMadePerson[] }) {
  const group = useId();
  const [chosenId, setChosenId] = useState(people[0]?.id);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const { form, pointOut } = useErrorFocus();
  const chosen = people.find((person) => person.id === chosenId) ?? people[0];
  if (chosen === undefined) return <p className="t2">The sandbox has no people. Start it again.</p>;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(chosen.id);
      onSignedIn();
    } catch (error) {
      setFailure(error);
      pointOut();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="form" onSubmit={(event) => void submit(event)}>
      <fieldset className="people">
        <legend className="label">Who you are here</legend>
        {people.map((person) => (
          <label key={person.id} className="person">
            <input
              type="radio"
              name={group}
              value={person.id}
              checked={person.id === chosen.id}
              onChange={() => setChosenId(person.id)}
            />
            <span>
              <span className="med">{person.name}</span> <span className="t3">{person.role}</span>
              <span className="person-about">{person.description}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {failure !== undefined && <FailureBanner error={failure} />}
      <Button type="submit" variant="primary" size="lg" block icon="sandbox" aria-disabled={busy}>
        Enter the sandbox as {chosen.name}
      </Button>
      <p className="hint">A violet mark on the account and in every tab reminds you that this is not production.</p>
    </form>
  );
}
