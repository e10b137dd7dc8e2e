import type { Me } from "@causeway/wire-contract/identity";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Ask } from "../ui/dialog.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";

interface Props {
  me: Me;
  liveCount: number;
  /** Ends the shells first, or leaves them; then signs out. Rejects when either was refused. */
  signOut(how: "end" | "keep"): Promise<void>;
  onCancel(): void;
}

/** Asked only while shells run: end them, or leave them (architecture §2). */
export function SignOutDialog({ me, liveCount, signOut, onCancel }: Props) {
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
  return (
    <Ask
      open
      title={`Sign out: ${terminals}`}
      onCancel={onCancel}
      actions={
        <>
          <Button variant="danger" aria-disabled={busy} onClick={() => void act("end")}>
            {liveCount === 1 ? "End it and sign out" : `End ${liveCount} and sign out`}
          </Button>
          <Button aria-disabled={busy} onClick={() => void act("keep")}>
            Keep and sign out
          </Button>
        </>
      }
    >
      <p>
        Your credentials are deleted from this server either way. Kept shells go on until AWS closes their channel,
        within about an hour.{" "}
        {me.identities.every(({ person }) => person.proven)
          ? "Sign in again before that to find them."
          : "Where your name is unverified, another login cannot take them back."}
      </p>
      {failure !== undefined && <FailureBanner error={failure} />}
    </Ask>
  );
}
