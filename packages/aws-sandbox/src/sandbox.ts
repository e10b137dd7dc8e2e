// The composition root: the only file that knows services, gateway, machines and people. An emulated AWS on loopback, started and
// closed as one. Keys, tokens and homes are fresh per start; nothing is kept after close but a state directory that was named.
import { randomBytes, randomUUID } from "node:crypto";
import { answerAdminRequest, isAdminPath } from "./admin/admin-api.ts";
import { answerControlPage, isControlPage } from "./admin/control-page.ts";
import { controlView } from "./admin/control-view.ts";
import { FaultControl } from "./admin/fault-control.ts";
import { FleetControl } from "./admin/fleet-control.ts";
import { MessagePolls } from "./ec2-messages/ec2-messages-operations.ts";
import type { FaultPlanInput } from "./faults/fault-plan.ts";
import { Faults } from "./faults/faults.ts";
import { openFolders } from "./folders.ts";
import { answerChannelRequest, CHANNEL_OPERATIONS, channelPathOf, verifyAgentRequest } from "./http/agent-channels.ts";
import { answerApiRequest } from "./http/api.ts";
import { loopbackAddress } from "./http/browser-guard.ts";
import { InjectedFaults } from "./http/injected-faults.ts";
import type { ReceivedRequest } from "./http/listener.ts";
import type { HttpAnswer } from "./http/protocol.ts";
import { CredentialStore } from "./iam/credential-store.ts";
import { MfaDevices } from "./iam/mfa-devices.ts";
import { nodePrincipal } from "./iam/node-roles.ts";
import { DEFAULT_PEOPLE } from "./iam/people.ts";
import type { PeopleFile } from "./iam/people-file.ts";
import { PeopleKeys } from "./iam/people-keys.ts";
import { isAuthorized } from "./iam/principal.ts";
import { DEFAULT_FLEET } from "./instances/default-fleet.ts";
import { DEFAULT_ACCOUNT, DEFAULT_REGIONS, type FleetInstance } from "./instances/fleet.ts";
import { InstanceRegistry } from "./instances/instance-registry.ts";
import { whyNotIsolated } from "./instances/isolation.ts";
import { Machine, type MachineOptions } from "./instances/machine.ts";
import { DEFAULT_PORT, type Listeners, openListeners, type TlsAccess, type TlsOptions } from "./listeners.ts";
import { type SandboxLog, SILENT_LOG } from "./log.ts";
import { neighbourOf } from "./ports/neighbours.ts";
import { Activations } from "./registration/activations.ts";
import { openNodes } from "./registration/managed-nodes.ts";
import { buildServices } from "./services.ts";
import { SessionGateway } from "./ssm-messages/session-gateway.ts";
import { DeviceGrants } from "./sso/device-grants.ts";
import { answerDevicePage, isDevicePage } from "./sso/device-page.ts";
import { PortalPasscode } from "./sso/portal-passcode.ts";
import type { OidcProvider } from "./sts/web-identity.ts";

export interface SandboxOptions {
  /** localhost, 127.0.0.0/8 or ::1; anything else is refused. */
  host?: string;
  /** 0: any free port. */
  port?: number;
  /** Ports of loopback at which a proxy brings its clients here: stream URLs then lead back through it. Default: none. */
  proxyPorts?: readonly number[];
  /** Where the ready-made people's keys go. Default: in a fresh private directory of its own, which close() removes. */
  peopleFile?: string;
  /** Machines' homes live here, and stay. Default: a fresh private directory that close() removes. */
  stateDir?: string;
  fleet?: readonly FleetInstance[];
  machineProfile?: NonNullable<MachineOptions["profile"]>;
  /** false: machines are not kept apart, even where they could be. Default: they are where they can be. */
  isolation?: boolean;
  /** What goes wrong on purpose from the start. Default: nothing. */
  faults?: FaultPlanInput;
  /** The people's keys are temporary ones that end so many seconds after they were given out. Default: they do not end. */
  credentialLifetimeSeconds?: number;
  /** A second listener that speaks TLS, with a certificate of this start. Default: none. */
  tls?: TlsOptions;
  /** An OIDC provider that the account's IAM trusts; its keys are fetched from it. Default: none. */
  oidcProvider?: OidcProvider;
  log?: SandboxLog;
  /** Milliseconds since the epoch. */
  nowMs?: () => number;
}

export interface Sandbox {
  readonly endpointUrl: string;
  /** undefined: no TLS was asked for. */
  readonly tls: TlsAccess | undefined;
  /** Path of the people's file. */
  readonly peopleFile: string;
  /** What is in it now. */
  readonly people: PeopleFile;
  readonly faults: FaultControl;
  /** Resolves when every machine that runs is connected. The API answers before that. */
  readonly machinesConnected: Promise<void>;
  /** Tries, once, whether machines can be kept apart by user namespaces. @returns why not, or undefined */
  whyNotIsolated(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** @throws NotLoopbackError, FaultPlanError, or the listener's error (`code` EADDRINUSE and the like); nothing is left behind then */
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
  const faults = new Faults();
  // Made once there is a folder for homes; nobody opens a shell before.
  let control: FleetControl | undefined;
  const gateway = new SessionGateway({
    nowMs,
    randomBytes,
    log,
    verifyAgentRequest: (request) => verifyAgentRequest(auth, request),
    faults,
    sleepers: { canWake: (id) => control?.canWake(id) ?? false, wake: (id) => control?.wake(id) ?? false },
  });
  const injected = new InjectedFaults(faults, (sessionId) => gateway.getSession(sessionId)?.target);
  const grants = new DeviceGrants(randomBytes);
  const mfaDevices = new MfaDevices(randomBytes);
  const passcode = new PortalPasscode(randomBytes);
  const folders = await openFolders(options);
  const polls = new MessagePolls();
  const { nodes, nodeFile } = await openNodes(folders, {
    registry,
    credentials,
    randomBytes,
    disconnect: (id) => gateway.disconnect(id),
    nowMs: startedAtMs,
    onFailed: (error) => log.warn("nodes_not_kept", { error: String(error) }),
  });
  const api = buildServices({
    ...auth,
    activations: new Activations(randomBytes),
    nodes,
    polls,
    registry,
    sessions: gateway,
    faults: injected,
    grants,
    mfaDevices,
    power: (id, action) => void control?.act(id, action),
    credentials,
    oidcProvider: options.oidcProvider,
    randomBytes,
    startedAtMs,
  });
  const faultControl = new FaultControl({
    faults,
    known: {
      operations: [
        api.ssm,
        api.ssmUnsigned,
        api.ssmByNodeKey,
        api.ec2messages,
        api.kms,
        api.rest.sso,
        api.rest["sso-oauth"],
        ...api.query.map((service) => service.operations),
      ]
        .flatMap((operations) => Object.keys(operations))
        .concat(CHANNEL_OPERATIONS),
      get instances() {
        return registry.all().map(({ definition }) => definition.id);
      },
      people: DEFAULT_PEOPLE.map(({ id }) => id),
    },
    claimNodes: (rules) => registry.setClaims(rules),
    cutDataChannels: (selector, cut) => gateway.cutDataChannels(selector, cut),
    log,
  });
  try {
    faultControl.setPlan(options.faults ?? {});
  } catch (error) {
    await gateway.close();
    await folders.discard();
    throw error;
  }

  // Tried once, when somebody wants to know: a test that opens no shell pays nothing.
  let isolation: Promise<string | undefined> | undefined;
  const whyNot = () => {
    isolation ??=
      options.isolation === false
        ? Promise.resolve("it was not wanted")
        : whyNotIsolated(folders.homeRoot, folders.mountRoot);
    return isolation;
  };
  const separation = async () => ({ root: (await whyNot()) === undefined ? folders.mountRoot : undefined });
  const adminToken = randomBytes(32).toString("base64url");
  let endpointUrl = "";
  const running = new Map<string, Machine>();
  const machines = new FleetControl(
    registry,
    (instance, bootedAtMs) => {
      const machine = new Machine({
        instance,
        bootedAtMs,
        separation,
        endpoint: endpointUrl,
        credentials: credentials.createKey(nodePrincipal(instance)),
        homeRoot: folders.homeRoot,
        mayUse: (action) => isAuthorized(nodePrincipal(instance), { action, resource: "*", region: instance.region }),
        journal: gateway.journal,
        faults,
        log,
        nowMs,
        neighbour: (host) => {
          const id = neighbourOf(instance, host, registry);
          return id === undefined ? undefined : { dial: (port) => dialMachine(id, port) };
        },
        ...(options.machineProfile === undefined ? {} : { profile: options.machineProfile }),
      });
      running.set(instance.id, machine);
      return machine;
    },
    (instanceId, error) => log.warn("machine_failed", { instanceId, error: String(error) }),
    nowMs,
  );
  control = machines;
  const dialMachine = async (id: string, port: number) => {
    await machines.settled(id);
    const machine = running.get(id);
    if (machine === undefined) throw new Error("connect: no route to host");
    return machine.dial(port);
  };
  // Made once the port is known; a request that comes before has no admin token to bring.
  let people: PeopleKeys | undefined;
  const route = async (request: ReceivedRequest): Promise<HttpAnswer> => {
    const requestId = randomUUID();
    if (isControlPage(request.target) && people)
      return answerControlPage(
        {
          passcode,
          fleet: machines,
          sessions: gateway,
          faults: faultControl,
          view: () => controlView(registry, gateway, nowMs()),
          nowMs,
        },
        request,
      );
    if (isDevicePage(request.target)) return answerDevicePage({ grants, passcode, nowMs }, request);
    if (isAdminPath(request.target) && people)
      return answerAdminRequest(
        {
          adminToken,
          sessions: gateway,
          registry,
          fleet: machines,
          faults: faultControl,
          people,
          grants,
          mfaDevices,
          nowMs,
        },
        request,
      );
    const channel = channelPathOf(request.method, request.target);
    if (channel)
      return answerChannelRequest({ ...auth, tokens: gateway, faults: injected }, channel, request, requestId);
    return answerApiRequest(api, { ...request, requestId, nowMs: nowMs() });
  };
  let listeners: Listeners;
  try {
    const { port = DEFAULT_PORT, proxyPorts = [], tls } = options;
    listeners = await openListeners(
      { host, port, proxyPorts, tls, state: folders.state, nowMs: startedAtMs, randomBytes },
      {
        isPage: (target) => isDevicePage(target) || isControlPage(target),
        onRequest: route,
        onUpgrade: (request, socket, head) => gateway.handleUpgrade(request, socket, head),
        onBug,
      },
    );
  } catch (error) {
    await gateway.close();
    await folders.discard();
    throw error;
  }
  endpointUrl = listeners.endpointUrl;

  const { peopleFile } = folders;
  const keys = new PeopleKeys({
    path: peopleFile,
    endpointUrl,
    adminToken,
    portalPasscode: passcode.text,
    account: DEFAULT_ACCOUNT,
    people: DEFAULT_PEOPLE,
    credentials,
    lifetimeSeconds: options.credentialLifetimeSeconds,
    nowMs,
  });
  people = keys;
  const close = async () => {
    injected.close();
    polls.close();
    // Machines first: their shells end, and what they printed last still finds its way out.
    await machines.close();
    await gateway.close();
    await listeners.close();
    await isolation;
    await keys.remove();
    await nodeFile.flush();
    await folders.discard();
  };
  try {
    await keys.write();
  } catch (error) {
    await close();
    throw error;
  }
  const machinesConnected = machines.startFleet(fleet);
  log.info("sandbox_listening", { endpointUrl, instances: fleet.length });
  let closing: Promise<void> | undefined;
  return {
    endpointUrl,
    tls: listeners.tls,
    peopleFile,
    get people() {
      return keys.file;
    },
    faults: faultControl,
    machinesConnected,
    whyNotIsolated: whyNot,
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
