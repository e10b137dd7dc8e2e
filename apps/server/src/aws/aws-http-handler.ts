import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { OutboundAgents } from "./outbound-agents.ts";

/** Opening a connection to AWS, in milliseconds: a firewall that swallows packets must not cost a minute. */
export const AWS_CONNECT_TIMEOUT_MS = 5_000;
/** One API call, answer included, in milliseconds. Describe calls of large fleets take seconds. */
export const AWS_REQUEST_TIMEOUT_MS = 20_000;

type Handle = NodeHttpHandler["handle"];

/**
 * The SDK's own handler, with the agent chosen per request by address: the SDK lets one set a single agent, but whether
 * a proxy is used, and whether the host may be talked to at all, depends on the host.
 */
export class AwsHttpHandler extends NodeHttpHandler {
  readonly #agents: OutboundAgents;
  readonly #handlers = new Map<unknown, NodeHttpHandler>();

  constructor(agents: OutboundAgents) {
    super();
    this.#agents = agents;
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const port = request.port === undefined ? "" : `:${request.port}`;
    const agent = this.#agents.agentFor(new URL(`${request.protocol}//${request.hostname}${port}`), "api");
    let handler = this.#handlers.get(agent);
    if (handler === undefined) {
      handler = new NodeHttpHandler({
        httpAgent: agent as never,
        httpsAgent: agent as never,
        connectionTimeout: AWS_CONNECT_TIMEOUT_MS,
        requestTimeout: AWS_REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      });
      this.#handlers.set(agent, handler); // at most one per agent: http, https, proxied
    }
    return handler.handle(request, options);
  }

  /** The agents are shared by all clients and closed by their owner. */
  override destroy(): void {}
}
