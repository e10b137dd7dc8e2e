/**
 * The one place where connections to AWS are made: API calls and data channels ask here, so a proxy, an exception from
 * it and the allow-list of hosts hold for both. NODE_EXTRA_CA_CERTS is read by Node itself, and therefore holds, too.
 * Plain `http:`/`ws:` addresses (an emulated AWS on this machine) never go through HTTPS_PROXY, as everywhere else.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { CatalogError } from "../platform/catalog-error.ts";
import { type NoProxyRule, parseNoProxy } from "./no-proxy.ts";

/** Idle connections kept per host; a page of ours needs a handful. */
const IDLE_SOCKETS_PER_HOST_MAX = 16;
/** Concurrent API connections per host; more calls wait in the agent's queue. Data channels ask for agents of their own. */
const SOCKETS_PER_HOST_MAX = 64;

export interface OutboundOptions {
  /** `HTTPS_PROXY` or `https_proxy`: http:// or https:// address of a CONNECT proxy. */
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
  /** `CAUSEWAY_AWS_HOSTS`: `host` or `host:port`, `*.host` for every name below; undefined: every host. */
  allowedHosts?: readonly string[] | undefined;
  /** Extra trusted certificate (PEM), for tests; in production NODE_EXTRA_CA_CERTS does it. */
  ca?: string | undefined;
}

export type OutboundAgent = HttpAgent | HttpsAgent;
/** `api`: bounded and kept alive; `channel`: long-lived websockets, which must not use up the API's places. */
export type OutboundUse = "api" | "channel";

/** Reads the proxy settings as every other tool does; upper case first, because lower case is the older habit. */
export function outboundOptionsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Pick<OutboundOptions, "httpsProxy" | "noProxy"> {
  return {
    httpsProxy: env.HTTPS_PROXY || env.https_proxy || undefined,
    noProxy: env.NO_PROXY || env.no_proxy || undefined,
  };
}

export class OutboundAgents {
  readonly #bypass: NoProxyRule;
  readonly #allowedHosts: readonly string[] | undefined;
  readonly #agents: Record<OutboundUse, { http: HttpAgent; https: HttpsAgent; proxied: OutboundAgent | undefined }>;

  constructor(options: OutboundOptions = {}) {
    this.#bypass = parseNoProxy(options.noProxy);
    this.#allowedHosts = options.allowedHosts?.map((host) => host.toLowerCase());
    const make = (maxSockets: number, keepAlive: boolean) => {
      const common = { keepAlive, maxSockets, maxFreeSockets: IDLE_SOCKETS_PER_HOST_MAX };
      const tls = options.ca === undefined ? {} : { ca: options.ca };
      return {
        http: new HttpAgent(common),
        https: new HttpsAgent({ ...common, ...tls }),
        proxied: options.httpsProxy ? new TunnelAgent(options.httpsProxy, { ...common, ...tls }) : undefined,
      };
    };
    this.#agents = { api: make(SOCKETS_PER_HOST_MAX, true), channel: make(Number.POSITIVE_INFINITY, false) };
  }

  /**
   * The agent that carries a connection to this address (http, https, ws or wss).
   * @throws CatalogError AWS_HOST_NOT_ALLOWED
   */
  agentFor(address: URL, use: OutboundUse): OutboundAgent {
    this.assertAllowed(address);
    const agents = this.#agents[use];
    if (!isTls(address)) return agents.http;
    if (agents.proxied === undefined || this.#bypass(address.hostname, portOf(address))) return agents.https;
    return agents.proxied;
  }

  /** Closes what this agent keeps for later calls; calls under way go on. */
  dropIdle(agent: OutboundAgent): void {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of [...(sockets ?? [])]) socket.destroy();
  }

  /** @throws CatalogError AWS_HOST_NOT_ALLOWED when CAUSEWAY_AWS_HOSTS is set and does not name the host. */
  assertAllowed(address: URL): void {
    if (this.#allowedHosts === undefined) return;
    const host = address.hostname.toLowerCase();
    const hostAndPort = `${host}:${portOf(address)}`;
    const allowed = this.#allowedHosts.some(
      (entry) =>
        entry === host ||
        entry === hostAndPort ||
        (entry.startsWith("*.") && (host.endsWith(entry.slice(1)) || hostAndPort.endsWith(entry.slice(1)))),
    );
    if (!allowed) throw new CatalogError("AWS_HOST_NOT_ALLOWED", { detail: hostAndPort });
  }

  /** Closes idle and open connections; whoever still uses one sees it break. */
  close(): void {
    for (const { http, https, proxied } of Object.values(this.#agents)) {
      http.destroy();
      https.destroy();
      proxied?.destroy();
    }
  }
}

/** `code` of the error when the proxy answered CONNECT with anything but 200: nothing of AWS was reached. */
export const PROXY_REFUSED = "ERR_PROXY_REFUSED";

/**
 * The library hands the proxy's refusal on as if AWS had answered: a 403 of the proxy would read as "AWS denied this".
 * And it gives its TLS options to the proxy's own connection only; ours are for what is inside the tunnel, too.
 */
class TunnelAgent extends HttpsProxyAgent<string> {
  override connect(...[request, options]: Parameters<HttpsProxyAgent<string>["connect"]>) {
    request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      if (statusCode === 200) return;
      request.destroy(Object.assign(new Error(`the proxy answered with ${statusCode}`), { code: PROXY_REFUSED }));
    });
    const { ca } = this.connectOpts;
    return super.connect(request, ca === undefined ? options : Object.assign({}, options, { ca }));
  }
}

function isTls(address: URL): boolean {
  return address.protocol === "https:" || address.protocol === "wss:";
}

function portOf(address: URL): number {
  return address.port === "" ? (isTls(address) ? 443 : 80) : Number(address.port);
}
