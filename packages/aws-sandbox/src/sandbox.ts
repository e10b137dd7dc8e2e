// The composition root: the only file that knows services, gateway, machines and people. An emulated AWS on loopback, started and
// closed as one. Keys, tokens and homes are fresh per start; nothing is kept after close but a state directory that was named.
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { answerAdminRequest, isAdminPath } from "./admin/admin-api.ts";
import { FleetControl } from "./admin/fleet-control.ts";
import { answerChannelRequest, channelPathOf, verifyAgentRequest } from "./http/agent-channels.ts";
import { answerApiRequest } from "./http/api.ts";
import { loopbackAddress, urlHost } from "./http/browser-guard.ts";
import { type Listener, listen, type ReceivedRequest } from "./http/listener.ts";
import type { HttpReply } from "./http/protocol.ts";
import { CredentialStore } from "./iam/credential-store.ts";
import { DEFAULT_PEOPLE, nodePrincipal, personPrincipal } from "./iam/people.ts";
import { describePeople, type PeopleFile, removePeopleFile, writePeopleFile } from "./iam/people-file.ts";
import { DEFAULT_ACCOUNT, DEFAULT_FLEET, DEFAULT_REGIONS, type FleetInstance } from "./instances/fleet.ts";
import { InstanceRegistry } from "./instances/instance-registry.ts";
import { Machine, type MachineOptions } from "./instances/machine.ts";
import { type SandboxLog, SILENT_LOG } from "./log.ts";
import { buildServices } from "./services.ts";
import { SessionGateway } from "./ssm-messages/session-gateway.ts";

export const DEFAULT_PORT = 4124;

export interface SandboxOptions {
  /** localhost, 127.0.0.0/8 or ::1; anything else is refused. */
  host?: string;
  /** 0: any free port. */
  port?: number;
  /** Where the ready-made people's keys go. Default: in a fresh private directory of its own, which close() removes. */
  peopleFile?: string;
  /** Machines' homes live here, and stay. Default: a fresh private directory that close() removes. */
  stateDir?: string;
  fleet?: readonly FleetInstance[];
  machineProfile?: NonNullable<MachineOptions["profile"]>;
  log?: SandboxLog;
  /** Milliseconds since the epoch. */
  nowMs?: () => number;
}

export interface Sandbox {
  readonly endpointUrl: string;
  /** Path of the people's file. */
  readonly peopleFile: string;
  /** What is in it. */
  readonly people: PeopleFile;
  /** Resolves when every machine that runs is connected. The API answers before that. */
  readonly machinesConnected: Promise<void>;
  close(): Promise<void>;
}

/** @throws NotLoopbackError, or the listener's error (`code` EADDRINUSE and the like); nothing is left behind then */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = loopbackAddress(options.host ?? "127.0.0.1");
  if (host === undefined) throw new NotLoopbackError(options.host ?? "");
  const { log = SILENT_LOG, nowMs = Date.now, fleet = DEFAULT_FLEET } = options;
  const startedAtMs = nowMs();
  const credentials = new CredentialStore(randomBytes);
  const registry = new InstanceRegistry(fleet, startedAtMs);
  const onBug = (failure: unknown) =>
    log.warn("request_failed", {
      error: failure instanceof Error ? (failure.stack ?? failure.message) : "not an error",
    });
  const auth = {
    regions: DEFAULT_REGIONS,
    findCredential: (id: string) => credentials.find(id),
    nowMs,
    onBug,
  };
  const gateway = new SessionGateway({
    nowMs,
    randomBytes,
    log,
    verifyAgentRequest: (request) => verifyAgentRequest(auth, request),
  });
  const api = buildServices({ ...auth, registry, sessions: gateway, randomBytes, startedAtMs });

  const folders = await openFolders(options);
  const adminToken = randomBytes(32).toString("base64url");
  let endpointUrl = "";
  const control = new FleetControl(
    registry,
    (instance) =>
      new Machine({
        instance,
        endpoint: endpointUrl,
        credentials: credentials.createKey(nodePrincipal(instance)),
        homeRoot: folders.homeRoot,
        journal: gateway.journal,
        log,
        nowMs,
        ...(options.machineProfile === undefined ? {} : { profile: options.machineProfile }),
      }),
    (instanceId, error) => log.warn("machine_failed", { instanceId, error: String(error) }),
    nowMs,
  );
  const admin = { adminToken, sessions: gateway, registry, fleet: control, nowMs };

  const route = async (request: ReceivedRequest): Promise<HttpReply> => {
    const requestId = randomUUID();
    if (isAdminPath(request.target)) return answerAdminRequest(admin, request);
    const channel = channelPathOf(request.method, request.target);
    if (channel) return answerChannelRequest({ ...auth, tokens: gateway }, channel, request, requestId);
    return answerApiRequest(api, { ...request, requestId, nowMs: nowMs() });
  };
  let listener: Listener;
  try {
    listener = await listen(
      { host, port: options.port ?? DEFAULT_PORT },
      { onRequest: route, onUpgrade: (request, socket, head) => gateway.handleUpgrade(request, socket, head), onBug },
    );
  } catch (error) {
    await gateway.close();
    await folders.discard();
    throw error;
  }
  endpointUrl = `http://${urlHost(host)}:${listener.port}`;

  const people = describePeople(
    endpointUrl,
    adminToken,
    DEFAULT_PEOPLE.map((person) => ({ person, key: credentials.createKey(personPrincipal(person, DEFAULT_ACCOUNT)) })),
  );
  const { peopleFile } = folders;
  const close = async () => {
    // Machines first: their shells end, and what they printed last still finds its way out.
    await control.close();
    await gateway.close();
    await listener.close();
    await removePeopleFile(peopleFile, adminToken);
    await folders.discard();
  };
  try {
    await writePeopleFile(peopleFile, people);
  } catch (error) {
    await close();
    throw error;
  }
  const machinesConnected = control.startFleet(fleet);
  log.info("sandbox_listening", { endpointUrl, instances: fleet.length });
  let closing: Promise<void> | undefined;
  return {
    endpointUrl,
    peopleFile,
    people,
    machinesConnected,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

export class NotLoopbackError extends Error {
  constructor(host: string) {
    super(`the sandbox gives out shells and listens on loopback only, not on "${host}"`);
    this.name = "NotLoopbackError";
  }
}

interface Folders {
  homeRoot: string;
  peopleFile: string;
  /** Removes what nobody named. */
  discard(): Promise<void>;
}

/** Homes and people's file never share a folder by default: a shell finds the keys neither in its environment nor next door. */
async function openFolders({ stateDir, peopleFile }: SandboxOptions): Promise<Folders> {
  const made: string[] = [];
  const fresh = async (what: string) => {
    const path = await mkdtemp(join(tmpdir(), `causeway-${what}-`)); // 0700
    made.push(path);
    return path;
  };
  const homeRoot = join(stateDir === undefined ? await fresh("sandbox") : resolve(stateDir), "homes");
  await mkdir(homeRoot, { recursive: true, mode: 0o700 });
  return {
    homeRoot,
    peopleFile: peopleFile === undefined ? join(await fresh("people"), "people.json") : resolve(peopleFile),
    discard: async () => {
      // A shell's child that outlived it may still write: another try finds the folder quiet.
      for (const path of made) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
