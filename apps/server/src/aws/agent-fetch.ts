import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { OutboundAgents } from "./outbound-agents.ts";

/** Longest answer that is read, in bytes: descriptions, key sets and tokens are far smaller. */
export const ANSWER_BYTES_MAX = 1024 * 1024;
/** Answers of which `Response` takes no body (Fetch Standard, "null body status"). */
const NULL_BODY_STATUS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * `fetch` over our own agents, so that proxy and trusted authorities hold for whatever a library asks. Follows no
 * redirect: where to is the library's decision.
 * @throws the connection's error, or a RangeError for an answer beyond the bound
 */
export function agentFetch(agents: OutboundAgents) {
  return async (
    url: string,
    init: {
      method: string;
      headers: Record<string, string>;
      body?: unknown;
      signal?: AbortSignal | undefined;
    },
  ): Promise<Response> => {
    const address = new URL(url);
    const request = address.protocol === "https:" ? httpsRequest : httpRequest;
    const agent = agents.agentFor(address, "api");
    return new Promise((resolve, reject) => {
      const outgoing = request(
        address,
        {
          method: init.method,
          headers: init.headers,
          agent: agent as never,
          ...(init.signal && { signal: init.signal }),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          incoming.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > ANSWER_BYTES_MAX) outgoing.destroy(new RangeError("the answer is too long"));
            else chunks.push(chunk);
          });
          incoming.on("error", reject);
          incoming.on("end", () => {
            const status = incoming.statusCode ?? 0;
            const headers = new Headers();
            for (const [name, value] of Object.entries(incoming.headers))
              for (const each of [value ?? []].flat()) headers.append(name, each);
            resolve(new Response(NULL_BODY_STATUS.has(status) ? null : Buffer.concat(chunks), { status, headers }));
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(init.body === undefined || init.body === null ? undefined : String(init.body));
    });
  };
}
