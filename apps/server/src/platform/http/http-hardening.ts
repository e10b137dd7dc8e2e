import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { CatalogError } from "../catalog-error.ts";
import type { PublicAddress } from "./public-address.ts";
import { refusalOf } from "./request-source.ts";

/** No request of ours carries more than a session token and a few names. */
export const BODY_BYTES_MAX = 64 * 1024;

export interface HardeningDeps {
  publicAddress(): PublicAddress;
  /** `'sha256-…'` of the inline scripts of our own page. */
  scriptHashes: readonly string[];
  /** Paths that are asked by machines: their Host may be our bare address. */
  operationsPaths: ReadonlySet<string>;
}

/**
 * What holds for every answer and every request: headers, Host and Origin, JSON-only bodies.
 * Registered before every route and every check of ours, so that refusals carry the headers too.
 */
export async function hardenHttp(app: FastifyInstance, deps: HardeningDeps, secure: boolean): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'", ...deps.scriptHashes],
        // The terminal's DOM renderer writes style elements (security.md §2.19).
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  });

  app.addHook("onRoute", (route) => {
    if (route.websocket || route.wsHandler) route.config = { ...route.config, websocketRoute: true };
  });

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    // Everything that is not a file of the page may speak of a person; files of the page set their own.
    reply.header("cache-control", "no-store");
    const refusal = refusalOf(sourceOf(request, deps), deps.publicAddress());
    if (refusal !== undefined) throw new CatalogError(refusal);
    // A handshake for a route that has no websocket would be answered by opening one and closing it.
    if (isUpgrade(request) && request.routeOptions.config.websocketRoute !== true)
      throw new CatalogError("ROUTE_NOT_FOUND");
  });

  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string", bodyLimit: BODY_BYTES_MAX },
    (request, body, done) => {
      if (body.length === 0) done(null, undefined);
      else void parseJson(request, body as string, done);
    },
  );
}

function sourceOf(request: FastifyRequest, deps: HardeningDeps): Parameters<typeof refusalOf>[0] {
  const { headers, raw } = request;
  const { localAddress, localPort } = raw.socket ?? {};
  return {
    method: request.method,
    host: request.host,
    secure: request.protocol === "https",
    origin: headers.origin,
    secFetchSite: headers["sec-fetch-site"] as string | undefined,
    isUpgrade: isUpgrade(request),
    isOperations: deps.operationsPaths.has(request.url.split("?", 1)[0] ?? ""),
    localHost: localAddress === undefined ? undefined : localHostOf(localAddress, localPort),
  };
}

function localHostOf(address: string, port: number | undefined): string {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return `${plain.includes(":") ? `[${plain}]` : plain}:${port}`;
}

function isUpgrade(request: FastifyRequest): boolean {
  return request.ws === true || request.headers.upgrade !== undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Set while routes are registered: the route answers an upgrade. */
    websocketRoute?: boolean;
  }
}
