import type { ShareEndReason } from "@causeway/wire-contract/sharing";
import type { ReactNode } from "react";
import { Notice } from "../../ui/notice.tsx";
import { endedReason } from "./share-words.ts";

/** In place of a terminal whose link is over: nothing of it is left. */
export function LinkEnded({ why, actions }: { why: ShareEndReason | undefined; actions: ReactNode }) {
  return (
    <main className="page-failure">
      <Notice alert icon="link" title="This link has ended" actions={actions}>
        <p>{endedReason(why)} What was shown is removed from this page.</p>
      </Notice>
    </main>
  );
}
