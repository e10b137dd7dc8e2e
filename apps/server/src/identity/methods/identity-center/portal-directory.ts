import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import { CallPacer } from "./call-pacer.ts";
import type { IdentityCenter, SsoAccount } from "./identity-center.ts";
import type { Portals } from "./portals.ts";

/** Accounts shown of one portal; beyond it the list says that there are more. */
export const ACCOUNTS_MAX = 5_000;
export const ROLES_PER_ACCOUNT_MAX = 200;
/** What was listed is shown again for so long, in milliseconds; a new assignment needs a new code anyway (aws-facts.md §3). */
export const LISTED_MS = 10 * 60_000;
/** Portals whose lists are remembered; at the bound the oldest list goes. */
export const DIRECTORIES_MAX = 200;

export interface ListedAccount extends SsoAccount {
  /** Absent: not asked yet. */
  roles?: readonly string[];
  /** AWS did not say which roles there are. */
  rolesUnknown?: boolean;
}

export interface PortalListing {
  accounts: readonly ListedAccount[];
  /** More is being asked for. */
  loading: boolean;
  truncated: boolean;
}

interface Directory {
  readonly accounts: Map<string, ListedAccount>;
  readonly pacer: CallPacer;
  readonly startedAtMs: number;
  /** Accounts somebody looks at: asked for first. */
  wanted: string[];
  loading: boolean;
  truncated: boolean;
  failure: unknown;
  /** The list of accounts is there. */
  listed: Promise<void>;
}

/**
 * Which accounts and roles a portal gives. Accounts come first, and are shown at once; the roles of each are asked for in
 * the background at AWS's pace, the account that a person looks at before all others.
 */
export class PortalDirectories {
  readonly #byPortal = new Map<string, Directory>();
  readonly #portals: Portals;
  readonly #identityCenter: IdentityCenter;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(deps: { portals: Portals; identityCenter: IdentityCenter; clock: Clock; random: () => number }) {
    this.#portals = deps.portals;
    this.#identityCenter = deps.identityCenter;
    this.#clock = deps.clock;
    this.#random = deps.random;
  }

  /**
   * What is known by now. Answers when the accounts are there.
   * @param wanted an account whose roles are wanted first
   * @throws CatalogError IDENTITY_CENTER_SIGN_IN_ENDED, AWS_UNREACHABLE, …
   */
  async list(portalId: string, wanted: string | undefined): Promise<PortalListing> {
    const directory = this.#of(portalId);
    if (wanted !== undefined && directory.accounts.size > 0) want(directory, wanted);
    await directory.listed;
    if (wanted !== undefined) want(directory, wanted);
    if (directory.failure !== undefined) {
      this.#byPortal.delete(portalId);
      throw directory.failure;
    }
    const { accounts, loading, truncated } = directory;
    return { accounts: [...accounts.values()], loading, truncated };
  }

  /** Of an account that was listed. */
  accountName(portalId: string, accountId: string): string | undefined {
    return this.#byPortal.get(portalId)?.accounts.get(accountId)?.name;
  }

  forget(portalId: string): void {
    this.#byPortal.delete(portalId);
  }

  #of(portalId: string): Directory {
    const known = this.#byPortal.get(portalId);
    if (known !== undefined && this.#clock.nowMs() < known.startedAtMs + LISTED_MS) return known;
    this.#byPortal.delete(portalId);
    const directory: Directory = {
      accounts: new Map(),
      pacer: new CallPacer(this.#clock, this.#random),
      startedAtMs: this.#clock.nowMs(),
      wanted: [],
      loading: true,
      truncated: false,
      failure: undefined,
      listed: Promise.resolve(),
    };
    directory.listed = this.#listAccounts(portalId, directory).then(
      () => void this.#listRoles(portalId, directory),
      (error: unknown) => {
        directory.failure = error;
        directory.loading = false;
      },
    );
    this.#byPortal.set(portalId, directory);
    for (const oldest of this.#byPortal.keys()) {
      if (this.#byPortal.size <= DIRECTORIES_MAX) break;
      this.#byPortal.delete(oldest);
    }
    return directory;
  }

  async #listAccounts(portalId: string, directory: Directory): Promise<void> {
    let nextToken: string | undefined;
    do {
      const page = await directory.pacer.run(() =>
        this.#portals.withToken(portalId, (region, token) => this.#identityCenter.accounts(region, token, nextToken)),
      );
      for (const account of page.accounts) {
        if (directory.accounts.size < ACCOUNTS_MAX) directory.accounts.set(account.id, account);
        else directory.truncated = true;
      }
      nextToken = directory.truncated ? undefined : page.nextToken;
    } while (nextToken !== undefined);
  }

  async #listRoles(portalId: string, directory: Directory): Promise<void> {
    for (;;) {
      const account = nextToAsk(directory);
      // Forgotten, or listed anew meanwhile: nobody reads this one.
      if (account === undefined || this.#byPortal.get(portalId) !== directory) break;
      try {
        const roles = await this.#rolesOf(portalId, directory, account.id);
        directory.accounts.set(account.id, { ...account, roles });
      } catch (error) {
        if (isOver(error)) {
          directory.failure = error;
          break;
        }
        directory.accounts.set(account.id, { ...account, rolesUnknown: true });
      }
    }
    directory.loading = false;
  }

  async #rolesOf(portalId: string, { pacer }: Directory, accountId: string): Promise<string[]> {
    const roles: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await pacer.run(() =>
        this.#portals.withToken(portalId, (region, token) =>
          this.#identityCenter.roles(region, token, accountId, nextToken),
        ),
      );
      roles.push(...page.roles);
      nextToken = roles.length < ROLES_PER_ACCOUNT_MAX ? page.nextToken : undefined;
    } while (nextToken !== undefined);
    return roles.slice(0, ROLES_PER_ACCOUNT_MAX).sort();
  }
}

function want(directory: Directory, accountId: string): void {
  const account = directory.accounts.get(accountId);
  if (account === undefined || account.roles !== undefined) return;
  directory.wanted = [accountId];
}

function nextToAsk({ wanted, accounts }: Directory): ListedAccount | undefined {
  const first = wanted.shift();
  const asked = first === undefined ? undefined : accounts.get(first);
  if (asked !== undefined && isOpen(asked)) return asked;
  return [...accounts.values()].find(isOpen);
}

function isOpen({ roles, rolesUnknown }: ListedAccount): boolean {
  return roles === undefined && rolesUnknown !== true;
}

function isOver(error: unknown): boolean {
  return error instanceof CatalogError && error.code === "IDENTITY_CENTER_SIGN_IN_ENDED";
}
