/** Sharing as its owner handles it: who is here, a new link, the links that live. A dialog that leaves the terminal in reach. */
import type { ChangeShareRequest, ShareCreated } from "@causeway/wire-contract/sharing";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Icon } from "../../lib/icons.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useNow } from "../../ui/use-now.ts";
import { LinkList } from "./link-list.tsx";
import { MadeLink } from "./made-link.tsx";
import { NewLink } from "./new-link.tsx";
import { type OwnerAct, PeopleList } from "./people-list.tsx";
import type { ShareApi } from "./share-api.ts";
import { ShareFaces } from "./share-faces.tsx";
import "./sharing.css";
import type { SharingStore } from "./sharing-store.ts";

interface Props {
  api: ShareApi;
  store: SharingStore;
  sessionId: string;
  instanceName: string;
  /** Number of the session's AWS account. */
  account: string;
  /** As whom the shell runs. */
  runsAs: string;
  origin: string;
  /** The owner's pointer is shown to the others. */
  pointing: boolean;
  onPointing(pointing: boolean): void;
  onAct(act: OwnerAct, who: string): void;
  /** It is closed: the keyboard may go where it belongs. */
  onClosed(): void;
}

export function SharePopover(props: Props) {
  const { store, onClosed } = props;
  const [open, setOpen] = useState(false);
  const { people, dialogAsked } = useSyncExternalStore(store.subscribe, store.getView);
  const change = (next: boolean): void => {
    setOpen(next);
    if (!next) onClosed(); // at once: the next key is the shell's
  };
  const answered = useRef(dialogAsked);
  useEffect(() => {
    if (answered.current === dialogAsked) return;
    answered.current = dialogAsked;
    change(!open);
  }, [dialogAsked]);
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <ShareFaces people={people} />
      <Popover.Trigger asChild>
        <Button
          size="sm"
          icon="share"
          className="share-open"
          aria-label="Share this terminal"
          title="Share this terminal"
        >
          <span className="share-word">Share</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="share-pop"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Share this session"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <ShareSession {...props} onClose={() => change(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ShareSession(props: Props & { onClose(): void }) {
  const { api, store, sessionId, instanceName, account, runsAs, origin, pointing, onPointing, onAct, onClose } = props;
  const view = useSyncExternalStore(store.subscribe, store.getView);
  const nowMs = useNow();
  const queries = useQueryClient();
  // who is there is told at once: then the counts of the links are asked for again
  const here = view.people.filter(({ connected }) => connected).map(({ key }) => key);
  const listed = useQuery({
    queryKey: ["shares", sessionId, here.join(" ")],
    queryFn: ({ signal }) => api.sessionShares(sessionId, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const [made, setMade] = useState<ShareCreated>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const act = async (change: () => Promise<unknown>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await change();
      await queries.invalidateQueries({ queryKey: ["shares"] });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const { shares = [], policy } = listed.data ?? {};
  const isMadeAlive = made !== undefined && shares.some(({ id }) => id === made.share.id);
  const watching = view.people.filter(({ mode, connected }) => mode !== undefined && connected).length;
  return (
    <>
      <header>
        <h2>Share this session</h2>
        {watching > 0 && (
          <span className="share-badge live">
            <Icon name="eye" size="sm" /> {watching} watching
          </span>
        )}
        <span className="end-aligned">
          <IconButton icon="close" label="Close" onClick={onClose} />
        </span>
      </header>
      {policy && !policy.sharing && (
        <p className="share-section t2">Sharing is switched off for this account by the server's settings.</p>
      )}
      {policy?.sharing && (
        <div className="share-section">
          {made && isMadeAlive ? (
            <>
              <MadeLink made={made} instanceName={instanceName} origin={origin} nowMs={nowMs} />
              <Button size="sm" icon="plus" onClick={() => setMade(undefined)}>
                Another link
              </Button>
            </>
          ) : shares.length >= policy.sharesMax ? (
            <p className="t2">There are {policy.sharesMax} links, as many as may be. End one to make another.</p>
          ) : (
            <NewLink
              policy={policy}
              account={account}
              busy={busy}
              onMake={(request) => void act(async () => setMade(await api.createShare(sessionId, request)))}
            />
          )}
        </div>
      )}
      {(failure ?? listed.error) !== undefined && (failure ?? listed.error) !== null && (
        <div className="share-section">
          <FailureBanner error={failure ?? listed.error} />
        </div>
      )}
      {policy && shares.length > 0 && (
        <section className="share-section">
          <h3>Links</h3>
          <LinkList
            shares={shares}
            policy={policy}
            nowMs={nowMs}
            onChange={(id, change: ChangeShareRequest) => void act(() => api.changeShare(sessionId, id, change))}
            onRevoke={(id) => void act(() => api.revokeShare(sessionId, id))}
          />
        </section>
      )}
      {view.people.length > 1 && (
        <section className="share-section">
          <h3>In this session</h3>
          <PeopleList view={view} nowMs={nowMs} onAct={onAct} />
          <Switch label="Show my pointer to others" checked={pointing} onChange={onPointing} />
        </section>
      )}
      <footer className="share-section">
        <p className="t12 t2 grow">
          Everything typed here runs as <b>{runsAs}</b> on your session and is logged with the name of who typed it.
        </p>
        {shares.length > 0 && (
          <Button variant="danger" aria-disabled={busy} onClick={() => void act(() => api.revokeShares(sessionId))}>
            {shares.length === 1 ? "Stop sharing" : `End all ${shares.length} links`}
          </Button>
        )}
      </footer>
    </>
  );
}
