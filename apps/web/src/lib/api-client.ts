/**
 * HTTP to our own server: JSON in, validated JSON out, failures as two kinds of error.
 * The page holds no credential: the cookie travels by itself and scripts cannot read it.
 */
import { isLoginEndCode } from "@causeway/wire-contract/login-ends";
import { Problem } from "@causeway/wire-contract/problem";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";

/** The server answered with a problem of the error catalog. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** No answer, or one that is not ours: the network, the server or something between is away. */
export class ApiUnreachable extends Error {
  override readonly name = "ApiUnreachable";
}

/** Codes that mean "this browser has no usable login", whatever the call was. */
const isSignedOut = (code: string): boolean =>
  code === "SIGN_IN_REQUIRED" || code === "CREDENTIALS_EXPIRED" || isLoginEndCode(code);

/** A hung server must not leave a button waiting for ever. Starting a session may take AWS this long. */
const REQUEST_TIMEOUT_MS = 60_000;

/** At most so many parts of the page may ask to be told; more is a leak. */
export const SIGNED_OUT_LISTENERS_MAX = 16;

export interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Let the request outlive the page (the browser allows 64 KiB in all). */
  keepalive?: boolean;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

export class ApiClient {
  readonly #fetch: typeof fetch;
  readonly #base: string;
  readonly #signedOut = new Set<(problem: Problem) => void>();

  constructor(options: { fetch: typeof fetch; base?: string }) {
    this.#fetch = options.fetch;
    this.#base = options.base ?? "/api/v1";
  }

  /**
   * @returns the body, checked against `schema`
   * @throws ApiProblem what the server said · ApiUnreachable no usable answer · AbortError when `signal` fired
   */
  async read<S extends TSchema>(method: Method, path: string, schema: S, options?: RequestOptions): Promise<Static<S>> {
    const response = await this.#request(method, path, options);
    const body = await readJson(response);
    if (!Value.Check(schema, body)) throw new ApiUnreachable(`${method} ${path} answered with something unexpected`);
    return body as Static<S>;
  }

  /** For calls whose answer carries nothing the page needs. Throws as `read` does. */
  async send(method: Method, path: string, options?: RequestOptions): Promise<void> {
    await this.#request(method, path, options);
  }

  /** Told whenever the server says that the login is gone. @returns unsubscribe */
  onSignedOut(listener: (problem: Problem) => void): () => void {
    if (this.#signedOut.size >= SIGNED_OUT_LISTENERS_MAX) throw new Error("too many signed-out listeners: one leaks");
    this.#signedOut.add(listener);
    return () => this.#signedOut.delete(listener);
  }

  async #request(method: Method, path: string, options: RequestOptions = {}): Promise<Response> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const init: RequestInit = {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      headers: { accept: "application/json" },
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    };
    if (options.keepalive) init.keepalive = true;
    if (options.body !== undefined) {
      init.headers = { ...init.headers, "content-type": "application/json" };
      init.body = JSON.stringify(options.body);
    }
    const response = await this.#attempt(`${this.#base}${path}`, init, options.signal);
    if (response.ok) return response;
    const body = await readJson(response);
    if (!Value.Check(Problem, body)) throw new ApiUnreachable(`${method} ${path} answered ${response.status}`);
    if (isSignedOut(body.code)) for (const listener of [...this.#signedOut]) listener(body);
    throw new ApiProblem(body);
  }

  async #attempt(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiUnreachable("the server did not answer", { cause });
    }
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined; // an empty or foreign body: the caller's schema refuses it
  }
}
