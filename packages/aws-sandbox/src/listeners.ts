// The sandbox's doors: plain HTTP for everybody on this computer, and TLS beside it for software that insists on it. Both lead to the
// same services.
import { urlHost } from "./http/browser-guard.ts";
import { type Listener, type ListenerHandlers, listen } from "./http/listener.ts";
import { openServerKeys, type ServerKeys } from "./tls/server-keys.ts";

export const DEFAULT_PORT = 4124;
export const DEFAULT_TLS_PORT = 4125;

export interface TlsOptions {
  /** 0: any free port. Default: DEFAULT_TLS_PORT. */
  port?: number;
  /** Where the certificate to trust is written. Default: `ca.pem` in the state directory. */
  caFile?: string;
  /** Names under `amazonaws.com` that lead here by a hosts file of the person's: for clients whose endpoints cannot be set. */
  awsNames?: readonly string[];
}

export interface TlsAccess {
  readonly endpointUrl: string;
  /** Path of the certificate to trust, PEM. */
  readonly caFile: string;
}

export interface Listeners {
  readonly endpointUrl: string;
  readonly tls: TlsAccess | undefined;
  close(): Promise<void>;
}

export interface ListenersOptions {
  /** An address of loopback. */
  host: string;
  port: number;
  proxyPorts: readonly number[];
  tls: TlsOptions | undefined;
  state: { path: string; isKept: boolean };
  nowMs: number;
  randomBytes(length: number): Uint8Array;
}

/** @throws the listener's error (`code` EADDRINUSE and the like), or that of writing the certificate; nothing is left open then */
export async function openListeners(options: ListenersOptions, handlers: ListenerHandlers): Promise<Listeners> {
  const { host, port, proxyPorts, tls, state, nowMs, randomBytes } = options;
  const opened: Listener[] = [];
  let keys: ServerKeys | undefined;
  const close = async () => {
    await Promise.all(opened.map((listener) => listener.close()));
    await keys?.discard();
  };
  const urlOf = (scheme: string, listener: Listener) => `${scheme}://${urlHost(host)}:${listener.port}`;
  try {
    const plain = await listen({ host, port, proxyPorts }, handlers);
    opened.push(plain);
    const endpointUrl = urlOf("http", plain);
    if (tls === undefined) return { endpointUrl, tls: undefined, close };
    const names = [...new Set(["localhost", "127.0.0.1", "::1", host, ...(tls.awsNames ?? [])])];
    keys = await openServerKeys({ names, state, caFile: tls.caFile, nowMs, randomBytes });
    const secure = await listen({ host, port: tls.port ?? DEFAULT_TLS_PORT, awsNames: tls.awsNames ?? [] }, handlers, {
      tls: keys,
    });
    opened.push(secure);
    return { endpointUrl, tls: { endpointUrl: urlOf("https", secure), caFile: keys.caFile }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
