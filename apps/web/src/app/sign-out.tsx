import type { Me } from "@causeway/wire-contract/identity";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Ask } from "../ui/dialog.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";

interface Props {
  me: Me;
  liveCount: number;
  /** Signed out of that many; absent: of this one only. */
  browsers?: number;
  /** Ends the shells first, or leaves them; then signs out. Rejects when either was refused. */
  signOut(how: "end" | "keep"): Promise<void>;
  onCancel(): void;
}

/** Asked while shells run: end them, or leave them (architecture §2); for several browsers also without. */
export function SignOutDialog({ me, liveCount, browsers, signOut, onCancel }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const act = async (how: "end" | "keep"): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await signOut(how);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const terminals = liveCount === 1 ? "1 terminal is open" : `${liveCount} terminals are open`;
  const where = browsers === undefined || browsers === 1 ? "Sign out" : `Sign out of ${browsers} browsers`;
  return (
    <Ask
      open
      title={liveCount === 0 ? `${where}?` : `${where}: ${terminals}`}
      onCancel={onCancel}
      actions={
        liveCount === 0 ? (
          <Button variant="primary" aria-disabled={busy} onClick={() => void act("keep")}>
            Sign out
          </Button>
        ) : (
          <>
            <Button variant="danger" aria-disabled={busy} onClick={() => void act("end")}>
              {liveCount === 1 ? "End it and sign out" : `End ${liveCount} and sign out`}
            </Button>
            <Button aria-disabled={busy} onClick={() => void act("keep")}>
              Keep and sign out
            </Button>
          </>
        )
      }
    >
      <p>
        Your credentials are deleted from this server either way.{" "}
        {liveCount > 0 && "Kept shells go on until AWS closes their channel, within about an hour. "}
        {liveCount > 0 &&
          (me.identities.every(({ person }) => person.proven)
            ? "Sign in again before that to find them."
            : "Where your name is unverified, another login cannot take them back.")}
      </p>
      {failure !== undefined && <FailureBanner error={failure} />}
    </Ask>
  );
}
