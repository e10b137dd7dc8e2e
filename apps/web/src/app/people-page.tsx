import type { Me } from "@causeway/wire-contract/identity";
import type { PersonEntry } from "@causeway/wire-contract/people";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { PeopleTable, personKey } from "../features/people/people-table.tsx";
import { actWords, doneWords, type PersonAct } from "../features/people/person-acts.ts";
import { Button } from "../ui/button.tsx";
import { Ask } from "../ui/dialog.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SidePage } from "./side-page.tsx";

/** Who comes and goes is asked so often while the page is visible, in milliseconds. */
const REFRESH_MS = 15_000;

export function PeopleRoute() {
  return <ForMe>{(me, leave) => <PeoplePage me={me} onLeave={leave} />}</ForMe>;
}

/** Who is signed in, for admins; the server refuses everybody else, and the page says so. */
function PeoplePage({ me, onLeave }: { me: Me; onLeave(): void }) {
  const app = useConsole();
  const people = useQuery({
    queryKey: ["people"],
    queryFn: ({ signal }) => app.api.people(signal),
    refetchInterval: REFRESH_MS,
  });
  const nowMs = useSlowNow();
  const [asked, setAsked] = useState<{ act: PersonAct; person: PersonEntry }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const own = new Set(me.identities.map(({ person }) => personKey(person)));
  const words = asked && actWords(asked.act, asked.person);

  const act = async (): Promise<void> => {
    if (asked === undefined || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { account, userId } = asked.person;
      const result =
        asked.act === "enable"
          ? await app.api.enablePerson({ account, userId })
          : await app.api.putOut(asked.act, { account, userId });
      app.toasts.show({ title: doneWords(asked.act, asked.person, result ?? undefined) });
      setAsked(undefined);
      await people.refetch();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <SidePage me={me} here="people" title="People" className="table-page" onLeave={onLeave}>
      <header className="table-head">
        <h1>People</h1>
        <span className="end-aligned t12 t3 num" role="status">
          {people.data && `${people.data.people.length} people`}
        </span>
      </header>
      {people.isError && <FailureBanner error={people.error} />}
      {people.data && (
        <PeopleTable
          people={people.data.people}
          own={own}
          nowMs={nowMs}
          onAct={(next, person) => {
            setFailure(undefined);
            setAsked({ act: next, person });
          }}
        />
      )}
      {people.data?.truncated && (
        <p className="table-note t2">
          Only the people of the newest 1,000 logins are listed. Who came earlier is missing.
        </p>
      )}
      {words && (
        <Ask
          open
          title={words.title}
          onCancel={() => setAsked(undefined)}
          actions={
            <Button
              variant={asked?.act === "enable" ? "primary" : "danger"}
              aria-disabled={busy}
              onClick={() => void act()}
            >
              {words.button}
            </Button>
          }
        >
          {words.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {failure !== undefined && <FailureBanner error={failure} />}
        </Ask>
      )}
    </SidePage>
  );
}
