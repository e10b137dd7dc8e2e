import type { ShareCreated } from "@causeway/wire-contract/sharing";
import { lazy, Suspense, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { shareLink } from "./share-link.ts";
import { endsWords, inviteText } from "./share-words.ts";

const LinkCode = lazy(() => import("./link-code.tsx").then(({ LinkCode }) => ({ default: LinkCode })));

interface Props {
  made: ShareCreated;
  instanceName: string;
  origin: string;
  nowMs: number;
}

/** The new link, whole: the only time it is shown. */
export function MadeLink({ made: { share, secret }, instanceName, origin, nowMs }: Props) {
  const link = shareLink(origin, share.id, secret);
  const ends = endsWords(share.expiresAt, nowMs);
  const [coded, setCoded] = useState(false);
  return (
    <div className="share-made" role="status">
      <span className="field">
        <input
          className="mono"
          aria-label="Link to this terminal"
          readOnly
          value={link}
          onFocus={({ target }) => target.select()}
        />
      </span>
      <CopyButton primary label="Copy link" text={link} />
      <CopyButton label="Copy message" text={inviteText(link, instanceName, share.mode, ends)} />
      <Button size="sm" aria-expanded={coded} onClick={() => setCoded(!coded)}>
        {coded ? "Hide the QR code" : "QR code"}
      </Button>
      {coded && (
        <Suspense fallback={<span aria-busy="true" />}>
          <LinkCode link={link} />
        </Suspense>
      )}
      <p className="t12 t3">
        Shown this once: only a fingerprint of it is kept. If it is lost, make another. It {ends}.
      </p>
    </div>
  );
}
