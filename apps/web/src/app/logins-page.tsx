import type { LoginList, Me } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { deviceWords, LoginTable } from "../features/logins/login-list.tsx";
import { Button } from "../ui/button.tsx";
import { Ask } from "../ui/dialog.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SidePage, useLiveCount } from "./side-page.tsx";
import { SignOutDialog } from "./sign-out.tsx";

export function LoginsRoute() {
  return <ForMe>{(me, leave) => <LoginsPage me={me} onLeave={leave} />}</ForMe>;
}

/** Where somebody is signed in, device by device; one is signed out, or all. */
function LoginsPage({ me, onLeave }: { me: Me; onLeave(): void }) {
  const app = useConsole();
  const logins = useQuery({ queryKey: ["logins"], queryFn: ({ signal }) => app.api.logins(signal) });
  const nowMs = useSlowNow();
  const [asked, setAsked] = useState<LoginList["logins"][number]>();
  const [askedAll, setAskedAll] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const liveCount = useLiveCount(askedAll);

  const signOutThere = async (): Promise<void> => {
    if (asked === undefined) return;
    setFailure(undefined);
    try {
      // hers here, too: the shells go on with the credentials of this browser
      await app.api.signOutElsewhere(asked.id, { sessions: "keep" });
      app.toasts.show({ title: `${deviceWords(asked)} is signed out.` });
      setAsked(undefined);
      await logins.refetch();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <SidePage me={me} title="Where you are signed in" className="table-page" onLeave={onLeave}>
      <header className="table-head">
        <h1>Where you are signed in</h1>
        <Button className="end-aligned" onClick={() => setAskedAll(true)}>
          Sign out everywhere
        </Button>
      </header>
      {logins.isError && <FailureBanner error={logins.error} />}
      {logins.data && <LoginTable list={logins.data} nowMs={nowMs} onSignOut={setAsked} />}
      {asked && (
        <Ask
          open
          title={`Sign out of ${deviceWords(asked)}?`}
          onCancel={() => setAsked(undefined)}
          actions={
            <Button variant="danger" onClick={() => void signOutThere()}>
              Sign out there
            </Button>
          }
        >
          <p>
            Its page closes within seconds, and the credentials it had are deleted from this server. Your shells go on:
            you are signed in here as the same person.
          </p>
          {failure !== undefined && <FailureBanner error={failure} />}
        </Ask>
      )}
      {askedAll && (
        <SignOutDialog
          me={me}
          liveCount={liveCount}
          browsers={logins.data?.logins.length ?? 1}
          signOut={(how) => app.signOut(how, true)}
          onCancel={() => setAskedAll(false)}
        />
      )}
    </SidePage>
  );
}
