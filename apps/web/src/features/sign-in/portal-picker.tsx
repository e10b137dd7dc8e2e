import type { PortalAccount } from "@causeway/wire-contract/identity-center";
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../../lib/icons.tsx";
import { browserStorage } from "../../lib/theme.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { Keys } from "../../ui/keys.tsx";
import { PortalAccountList } from "./portal-account-list.tsx";
import { firstRole, groupAccounts } from "./portal-groups.ts";
import {
  isSameRole,
  type PortalRole,
  readMemory,
  withFavouriteToggled,
  withNext,
  withRecent,
  writeMemory,
} from "./portal-memory.ts";
import "./portal-picker.css";
import { PortalRegion } from "./portal-region.tsx";
import { PortalRoleList } from "./portal-role-list.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";

/** While the server still asks AWS for roles. */
const LOADING_MS = 700;

interface Props {
  api: SignInApi;
  portal: { id: string; startUrl: string };
  how: SignInMode;
  /** The region whose list is shown already: it stands there first. */
  shownRegion?: string | undefined;
  /** @param region whose list she wants to see */
  onSignedIn(region?: string): void;
  onClose(): void;
}

/** Where do you want to work: an account and a role of the approved portal. */
export function PortalPicker({ api, portal, how, shownRegion, onSignedIn, onClose }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [memory, setMemory] = useState(() => readMemory(browserStorage(), portal.startUrl));
  const asksNothing = useRef(how === "add" ? undefined : memory.next);
  const [accountId, setAccountId] = useState(asksNothing.current?.accountId);
  const [pickedRole, setPickedRole] = useState(asksNothing.current);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [keeps, setKeeps] = useState(memory.next !== undefined);
  const [pickedRegion, setPickedRegion] = useState<string>();
  const listing = useQuery({
    queryKey: ["portal-accounts", portal.id, accountId],
    queryFn: ({ signal }) => api.portalAccounts(portal.id, accountId, signal),
    refetchInterval: ({ state }) => (state.data?.loading ? LOADING_MS : false),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
  });

  const accounts = listing.data?.accounts ?? [];
  const groups = groupAccounts(accounts, memory, text);
  const shown = groups.flatMap((group) => group.accounts);
  const account = shown.find((each) => each.id === accountId) ?? shown[0];
  const roleName =
    account && (pickedRole?.accountId === account.id ? pickedRole.roleName : firstRole(account, memory, text));
  const choice = account !== undefined && roleName !== undefined ? { accountId: account.id, roleName } : undefined;
  const isFavourite = choice !== undefined && memory.favourites.some((each) => isSameRole(each, choice));

  const regions = listing.data?.regions ?? [];
  const regionOf = (id: string | undefined) => regions.find((each) => each.id === id);
  const region = regionOf(pickedRegion) ?? regionOf(shownRegion) ?? regionOf(memory.region) ?? regions[0];

  const remember = (next: typeof memory): void => {
    setMemory(next);
    writeMemory(browserStorage(), portal.startUrl, next);
  };
  const open = async (opened: PortalRole | undefined): Promise<void> => {
    if (opened === undefined || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await api.choosePortalRole(portal.id, { ...opened, how });
      const used = withNext(withRecent(memory, opened), keeps ? opened : undefined);
      remember(how === "add" || region === undefined ? used : { ...used, region: region.id });
      onSignedIn(region?.id);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const moveRole = (by: number): void => {
    const roles = account?.roles ?? [];
    const next = roles[(roles.indexOf(roleName ?? "") + by + roles.length) % roles.length];
    if (account !== undefined && next !== undefined) setPickedRole({ accountId: account.id, roleName: next });
  };
  const keyed = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { selectionStart, value } = event.currentTarget;
    const at = account ? shown.indexOf(account) : -1;
    if (event.key === "ArrowDown") setAccountId(shown[Math.min(at + 1, shown.length - 1)]?.id);
    else if (event.key === "ArrowUp") setAccountId(shown[Math.max(at - 1, 0)]?.id);
    else if (event.key === "ArrowRight" && selectionStart === value.length) moveRole(1);
    else if (event.key === "ArrowLeft" && selectionStart === 0) moveRole(-1);
    else if (event.key === "Enter") void open(choice);
    else return;
    event.preventDefault();
  };

  useEffect(() => {
    const { current: kept } = asksNothing;
    if (kept === undefined || listing.data === undefined) return;
    asksNothing.current = undefined;
    // she said so the last time; where AWS refuses it now, the picker says why and asks again
    void open(kept);
  });

  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="pick-back">
          <div className="brand pick-brand" aria-hidden="true">
            <Icon name="logo" />
            Causeway
          </div>
        </Dialog.Overlay>
        <Dialog.Content data-modal="" className="pick" aria-describedby={undefined}>
          <div className="pick-head">
            <div className="pick-title">
              <Dialog.Title asChild>
                <h2>Where do you want to work?</h2>
              </Dialog.Title>
              <PortalPerson name={listing.data?.person} startUrl={portal.startUrl} />
              <IconButton icon="close" label="Close" onClick={onClose} />
            </div>
            <label className="field lg">
              <span className="sr">Find an account or role</span>
              <Icon name="search" />
              <input
                role="combobox"
                aria-expanded="true"
                aria-controls={`${id}-accounts`}
                aria-activedescendant={account && `${id}-${account.id}`}
                placeholder="Find an account or role"
                spellCheck={false}
                autoComplete="off"
                value={text}
                onChange={(event) => {
                  setText(event.target.value);
                  setAccountId(undefined);
                }}
                onKeyDown={keyed}
              />
              <span className="t3 num nowrap pick-count" role="status">
                {countText(accounts, listing.data?.loading ?? true)}
              </span>
            </label>
          </div>
          <div className="pick-cols">
            <div className="pick-accounts">
              {listing.isError && (
                <div className="pick-failure">
                  <FailureBanner error={listing.error} />
                  <Button size="sm" onClick={() => void listing.refetch()}>
                    Try again
                  </Button>
                </div>
              )}
              {listing.data !== undefined && shown.length === 0 && (
                <p className="t2 pick-empty">
                  {accounts.length === 0
                    ? "Nothing is assigned to you in this organisation. Who assigns accounts there can."
                    : "No account or role has all of these words."}
                </p>
              )}
              <PortalAccountList id={id} groups={groups} selectedId={account?.id} onSelect={setAccountId} />
            </div>
            <PortalRoleList
              account={account}
              roleName={roleName}
              onRole={(name) => account && setPickedRole({ accountId: account.id, roleName: name })}
            >
              {region !== undefined && regions.length > 1 && (
                <PortalRegion regions={regions} region={region} onRegion={setPickedRegion} />
              )}
            </PortalRoleList>
          </div>
          {failure !== undefined && (
            <div className="pick-failure">
              <FailureBanner error={failure} />
            </div>
          )}
          <div className="pick-foot">
            <label className="pick-next">
              <input
                type="checkbox"
                checked={keeps}
                onChange={({ target }) => {
                  setKeeps(target.checked);
                  // holds also for who closes the dialog instead of opening something
                  if (!target.checked) remember(withNext(memory, undefined));
                }}
              />
              Open here next time
            </label>
            <Button
              variant="ghost"
              size="sm"
              icon="star"
              aria-pressed={isFavourite}
              aria-disabled={choice === undefined}
              onClick={() => choice && remember(withFavouriteToggled(memory, choice))}
            >
              {isFavourite ? "Favourite" : "Make it a favourite"}
            </Button>
            <span className="t3 pick-keys end-aligned" aria-hidden="true">
              <Keys caps={["↑", "↓"]} /> account <Keys caps={["→"]} /> role
            </span>
            <Button variant="primary" aria-disabled={choice === undefined || busy} onClick={() => void open(choice)}>
              {busy ? "Signing in…" : account ? `Open ${account.name || account.id}` : "Open"}
              <Icon name="enter" size="sm" />
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function countText(accounts: readonly PortalAccount[], loading: boolean): string {
  const roles = accounts.reduce((sum, account) => sum + (account.roles?.length ?? 0), 0);
  const count = (number: number, word: string) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  return `${count(accounts.length, "account")} · ${count(roles, "role")}${loading ? " so far" : ""}`;
}

/** As whom she chooses; before her first role nobody but AWS knows, and where she signed in stands there instead. */
function PortalPerson({ name, startUrl }: { name: string | undefined; startUrl: string }) {
  if (name === undefined) return <span className="t3 trunc end-aligned pick-url">{startUrl}</span>;
  return (
    <span className="t2 end-aligned pick-person" title={startUrl}>
      <Avatar name={name} />
      <span className="trunc">{name}</span>
    </span>
  );
}
