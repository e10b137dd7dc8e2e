// The documents of each account and region with all their versions. Those that AWS owns are the same everywhere. The account's
// preferences exist where they are said to at first: a region in which nobody ever saved preferences is common, and StartSession
// behaves differently there (it must then be called without a name).
import { AMAZON_DOCUMENTS, type DocumentContent, SHELL_DOCUMENT_NAME } from "./documents.ts";

/** Source: AWS General Reference, Systems Manager quotas. */
export const DOCUMENTS_PER_REGION_MAX = 500;
export const VERSIONS_PER_DOCUMENT_MAX = 1_000;

export interface DocumentVersion {
  number: number;
  /** As it was sent. */
  text: string;
  content: DocumentContent;
  createdAtMs: number;
  versionName?: string;
}

export interface StoredDocument {
  name: string;
  owner: "account" | "Amazon";
  /** Ascending by number, without gaps but for what was deleted; never empty. */
  versions: DocumentVersion[];
  defaultVersion: number;
}

export interface DocumentPlace {
  account: string;
  region: string;
}

const DAY_MS = 86_400_000;
const AMAZON_AGE_MS = 900 * DAY_MS;
const PREFERENCES_AGE_MS = 320 * DAY_MS;

export class DocumentStore {
  readonly #amazon: ReadonlyMap<string, StoredDocument>;
  readonly #preferencesOf: (place: DocumentPlace) => DocumentContent | undefined;
  readonly #startedAtMs: number;
  readonly #byPlace = new Map<string, Map<string, StoredDocument>>();

  /**
   * @param preferencesOf the session preferences that an account saved in a region, if it did
   * @param startedAtMs milliseconds since the epoch; the ages of what exists at first count back from it
   */
  constructor(preferencesOf: (place: DocumentPlace) => DocumentContent | undefined, startedAtMs: number) {
    this.#preferencesOf = preferencesOf;
    this.#startedAtMs = startedAtMs;
    this.#amazon = new Map(
      AMAZON_DOCUMENTS.map(([name, content]) => [
        name,
        this.#make(name, "Amazon", JSON.stringify(content, null, 2), content, startedAtMs - AMAZON_AGE_MS),
      ]),
    );
  }

  find(place: DocumentPlace, name: string): StoredDocument | undefined {
    return this.#amazon.get(name) ?? this.#ofAccount(place).get(name);
  }

  /** What counts when no version is named. */
  contentOf(place: DocumentPlace, name: string): DocumentContent | undefined {
    const document = this.find(place, name);
    return document && versionOf(document, "$DEFAULT")?.content;
  }

  /** Ascending by name. */
  list(place: DocumentPlace): readonly StoredDocument[] {
    return [...this.#amazon.values(), ...this.#ofAccount(place).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** How many the account has there itself. */
  count(place: DocumentPlace): number {
    return this.#ofAccount(place).size;
  }

  create(place: DocumentPlace, name: string, version: Omit<DocumentVersion, "number">): StoredDocument {
    const { text, content, createdAtMs, versionName } = version;
    const document = this.#make(name, "account", text, content, createdAtMs, versionName);
    this.#ofAccount(place).set(name, document);
    return document;
  }

  delete(place: DocumentPlace, name: string): void {
    this.#ofAccount(place).delete(name);
  }

  #ofAccount({ account, region }: DocumentPlace): Map<string, StoredDocument> {
    const key = `${account}/${region}`;
    let documents = this.#byPlace.get(key);
    if (documents === undefined) {
      documents = new Map();
      this.#byPlace.set(key, documents);
      const content = this.#preferencesOf({ account, region });
      if (content !== undefined) {
        const createdAtMs = this.#startedAtMs - PREFERENCES_AGE_MS;
        const text = JSON.stringify(content, null, 2);
        documents.set(SHELL_DOCUMENT_NAME, this.#make(SHELL_DOCUMENT_NAME, "account", text, content, createdAtMs));
      }
    }
    return documents;
  }

  #make(
    name: string,
    owner: StoredDocument["owner"],
    text: string,
    content: DocumentContent,
    createdAtMs: number,
    versionName?: string,
  ): StoredDocument {
    const first = { number: 1, text, content, createdAtMs, ...(versionName === undefined ? {} : { versionName }) };
    return { name, owner, versions: [first], defaultVersion: 1 };
  }
}

/** @param wanted a number, `$LATEST` or `$DEFAULT`, which is meant when nothing is said */
export function versionOf(document: StoredDocument, wanted = "$DEFAULT"): DocumentVersion | undefined {
  if (wanted === "$LATEST") return document.versions.at(-1);
  const number = wanted === "$DEFAULT" ? document.defaultVersion : Number(wanted);
  return document.versions.find((version) => version.number === number);
}
