import type { Readable } from "node:stream";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { OutboundAgents } from "./outbound-agents.ts";

/** Opening a connection to AWS, in milliseconds: a firewall that swallows packets must not cost a minute. */
export const AWS_CONNECT_TIMEOUT_MS = 5_000;
/** One API call, answer included, in milliseconds, unless the call names its own. Describe calls of large fleets take seconds. */
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
    const withinMs = options?.requestTimeout ?? AWS_REQUEST_TIMEOUT_MS;
    const startedAtMs = performance.now();
    try {
      const answered = await handler.handle(request, options);
      boundBody(answered.response.body, withinMs - (performance.now() - startedAtMs));
      return answered;
    } catch (error) {
      // Connections die together (a NAT that forgot them, a VPN that changed): the next call gets a new one.
      if ((error as Error).name === "TimeoutError") this.#agents.dropIdle(agent);
      throw error;
    }
  }

  /** The agents are shared by all clients and closed by their owner. */
  override destroy(): void {}
}

/** The library bounds the time to the first line of an answer; one that stops in its middle would be waited for without end. */
function boundBody(body: Readable, leftMs: number): void {
  const timer = setTimeout(
    () => {
      const error = new Error("the answer stopped in its middle");
      body.destroy(Object.assign(error, { name: "TimeoutError", code: "ETIMEDOUT" }));
    },
    Math.max(1, leftMs),
  ).unref();
  body.once("close", () => clearTimeout(timer));
}
