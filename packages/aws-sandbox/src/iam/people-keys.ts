// The ready-made people's keys over time: given out at start, renewed, expired, and always the latest in the people's file.
import type { AccessKey, CredentialStore } from "./credential-store.ts";
import { type Person, personPrincipal } from "./people.ts";
import { describePeople, type PeopleFile, removePeopleFile, writePeopleFile } from "./people-file.ts";

/** As long as AWS gives temporary keys to a user: 36 hours. Source: STS API Reference, GetSessionToken. */
export const LIFETIME_SECONDS_MAX = 129_600;

export interface PeopleKeysOptions {
  path: string;
  endpointUrl: string;
  adminToken: string;
  portalPasscode: string;
  account: string;
  people: readonly Person[];
  credentials: CredentialStore;
  /** Left out: keys without end. */
  lifetimeSeconds: number | undefined;
  nowMs(): number;
}

export interface Renewal {
  id: string;
  accessKeyId: string;
  expiresAt?: string;
}

export class PeopleKeys {
  readonly #options: PeopleKeysOptions;
  readonly #keys = new Map<string, AccessKey>();
  /** The last write; the next one waits for it, so that the file ends with the latest keys. */
  #written: Promise<void> = Promise.resolve();

  constructor(options: PeopleKeysOptions) {
    this.#options = options;
    for (const person of options.people) this.#issue(person, options.lifetimeSeconds);
  }

  /** What the file holds, or is about to. */
  get file(): PeopleFile {
    const { endpointUrl, adminToken, portalPasscode, people } = this.#options;
    const withKeys = people.flatMap((person) => {
      const key = this.#keys.get(person.id);
      return key === undefined ? [] : [{ person, key }];
    });
    return describePeople(endpointUrl, adminToken, portalPasscode, withKeys);
  }

  write(): Promise<void> {
    const write = () => writePeopleFile(this.#options.path, this.file);
    this.#written = this.#written.then(write, write);
    return this.#written;
  }

  /**
   * New keys in the file. Earlier ones keep their own end.
   * @param lifetimeSeconds left out: as at start
   * @returns undefined when nobody is called so
   */
  async renew(id: string, lifetimeSeconds = this.#options.lifetimeSeconds): Promise<Renewal | undefined> {
    const person = this.#options.people.find((candidate) => candidate.id === id);
    if (person === undefined) return undefined;
    const { accessKeyId, expiresAt } = this.#issue(person, lifetimeSeconds);
    await this.write();
    return { id, accessKeyId, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  /** All keys that this person was given so far end now. @returns whether there is such a person */
  expire(id: string): boolean {
    const { people, account, credentials, nowMs } = this.#options;
    const person = people.find((candidate) => candidate.id === id);
    if (person) credentials.expireKeys(personPrincipal(person, account).arn, nowMs());
    return person !== undefined;
  }

  async remove(): Promise<void> {
    await this.#written.catch(() => undefined);
    await removePeopleFile(this.#options.path, this.#options.adminToken);
  }

  #issue(person: Person, lifetimeSeconds: number | undefined): AccessKey {
    const { account, credentials, nowMs } = this.#options;
    const expiresAtMs = lifetimeSeconds === undefined ? undefined : nowMs() + lifetimeSeconds * 1_000;
    const key = credentials.createKey(personPrincipal(person, account), expiresAtMs);
    this.#keys.set(person.id, key);
    return key;
  }
}
