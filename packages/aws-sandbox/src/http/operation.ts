// What an operation gets and gives; a service is a table of them. The tables are what docs/sandbox-coverage.md is checked against.
import type { Principal } from "../iam/principal.ts";
import type { JsonInput } from "./json-input.ts";
import type { QueryInput } from "./query-input.ts";
import type { XmlValue } from "./xml.ts";

export interface Call {
  caller: Principal;
  /** Of the signature's credential scope: one listener serves all regions. */
  region: string;
  /** `host:port` that the caller used and signed. */
  host: string;
  /** It came over TLS, and what it is given leads back over TLS. */
  isSecure: boolean;
  requestId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** @returns what is sent as JSON; members that are undefined are left out */
export type JsonOperation = (input: JsonInput, call: Call) => unknown;

/** A call that nobody signed: what proves it is in the call itself. */
export type UnsignedCall = Omit<Call, "caller" | "region">;

interface QueryResult {
  readonly [name: string]: XmlValue;
}

/** @returns the content of the answer's result element */
export type QueryOperation = (input: QueryInput, call: Call) => QueryResult;
export type UnsignedQueryOperation = (input: QueryInput, call: UnsignedCall) => Promise<QueryResult>;

/** A call that is proven by what is in it. */
export type UnsignedJsonOperation = (input: JsonInput, call: UnsignedCall) => unknown;

export type UnsignedJsonOperations = Readonly<Record<string, UnsignedJsonOperation>>;
export type JsonOperations = Readonly<Record<string, JsonOperation>>;
export type QueryOperations = Readonly<Record<string, QueryOperation>>;
export type UnsignedQueryOperations = Readonly<Record<string, UnsignedQueryOperation>>;
