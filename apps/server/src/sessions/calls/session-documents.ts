/**
 * Which session documents of an account open a shell, for the choice at the start of one. Asked with the person's own
 * credentials, when she opens that choice; what she may not read is left to AWS, which decides at the start anyway.
 */
import type { SessionDocument } from "@causeway/wire-contract/session-documents";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import { plainText } from "../../platform/plain-text.ts";

/** Documents that are looked into; of further ones only the name is known. Each is a call to AWS. */
export const DOCUMENTS_READ_MAX = 20;
/** Calls at once. */
const READS_AT_ONCE_MAX = 4;
const DESCRIPTION_CHARACTERS_MAX = 256;
/** What reorders or hides text. */
const INVISIBLE = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
/** Session types that show a terminal (aws-facts §6); the others forward ports or take no keys. */
const TERMINAL_TYPES: readonly unknown[] = ["Standard_Stream", "InteractiveCommands"];

/** What this needs of AWS. Implemented in ./aws-session-documents.ts. */
export interface DocumentReader {
  /** Names of the account's own session documents. @throws CatalogError */
  names(identity: AwsIdentity, region: string): Promise<{ names: readonly string[]; more: boolean }>;
  /** @returns the document as JSON text. @throws CatalogError */
  content(identity: AwsIdentity, region: string, name: string): Promise<string>;
}

export interface SessionDocumentsDeps {
  reader: DocumentReader;
  /** Resolves when a call may leave: the lists' budget, never that of starts. @throws CatalogError AWS_THROTTLED */
  takeTurn(identity: AwsIdentity, region: string): Promise<void>;
  /** The same in the budget of starts: a check is a part of one, and lists never hold it up. @throws CatalogError AWS_THROTTLED */
  takeStartTurn(identity: AwsIdentity, region: string): Promise<void>;
}

export interface DocumentsFound {
  documents: SessionDocument[];
  more: boolean;
  /** Why the account could not be asked. */
  error?: CatalogError;
}

export class SessionDocuments {
  readonly #deps: SessionDocumentsDeps;

  constructor(deps: SessionDocumentsDeps) {
    this.#deps = deps;
  }

  /** What AWS refuses is part of the answer. @returns documents by name; those that open no shell are left out */
  async list(identity: AwsIdentity, region: string): Promise<DocumentsFound> {
    try {
      await this.#deps.takeTurn(identity, region);
      const { names, more } = await this.#deps.reader.names(identity, region);
      const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
      const found: (SessionDocument | undefined)[] = sorted.map((name) => ({ name }));
      let next = 0;
      const readOn = async (): Promise<void> => {
        while (next < Math.min(sorted.length, DOCUMENTS_READ_MAX)) {
          const number = next++;
          found[number] = await this.#read(identity, region, sorted[number] as string);
        }
      };
      await Promise.all(Array.from({ length: READS_AT_ONCE_MAX }, readOn));
      return { documents: found.filter((document) => document !== undefined), more };
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return { documents: [], more: false, error };
    }
  }

  /**
   * Before a shell is opened with a document that the server was not configured for.
   *
   * @throws CatalogError SESSION_DOCUMENT_NOT_A_SHELL, SESSION_DOCUMENT_MISSING; whatever else is wrong AWS says at the start
   */
  async check(identity: AwsIdentity, region: string, name: string): Promise<void> {
    await this.#deps.takeStartTurn(identity, region);
    const content = await this.#deps.reader.content(identity, region, name).catch((error: unknown) => {
      if (!(error instanceof CatalogError)) throw error;
      if (error.code === "SESSION_DOCUMENT_MISSING")
        throw new CatalogError(error.code, {
          cause: error,
          detail: name,
          ...(error.aws === undefined ? {} : { aws: error.aws }),
        });
      return undefined;
    });
    if (content !== undefined && shellOf(content) === undefined)
      throw new CatalogError("SESSION_DOCUMENT_NOT_A_SHELL", { detail: name });
  }

  async #read(identity: AwsIdentity, region: string, name: string): Promise<SessionDocument | undefined> {
    try {
      await this.#deps.takeTurn(identity, region);
      const shell = shellOf(await this.#deps.reader.content(identity, region, name));
      return shell && { name, ...shell };
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return { name }; // may not be read: nobody knows, and nothing is claimed
    }
  }
}

/**
 * @param content JSON text of a document
 * @returns what is told of it; undefined: it opens no shell, or needs parameters that we do not ask for
 */
export function shellOf(content: string): { description?: string } | undefined {
  const document = objectOf(content);
  if (!TERMINAL_TYPES.includes(document.sessionType)) return undefined;
  const parameters = Object.values(isRecord(document.parameters) ? document.parameters : {});
  if (parameters.some((parameter) => !isRecord(parameter) || parameter.default === undefined)) return undefined;
  const { description } = document;
  const visible = typeof description === "string" ? description.replace(INVISIBLE, "") : "";
  const text = plainText(visible, DESCRIPTION_CHARACTERS_MAX);
  return text === "" ? {} : { description: text };
}

function objectOf(content: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(content);
    return isRecord(document) ? document : {};
  } catch {
    return {}; // not JSON
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
