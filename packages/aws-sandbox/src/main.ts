// The command: reads its arguments, starts the sandbox, says so once, ends it on a signal. stdout belongs to the ready message.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { withinMs } from "./admin/within-ms.ts";
import { AWS_RATES } from "./faults/aws-rates.ts";
import { FaultPlanError } from "./faults/plan-object.ts";
import { LIFETIME_SECONDS_MAX } from "./iam/people-keys.ts";
import { DEFAULT_FLEET } from "./instances/default-fleet.ts";
import { DEFAULT_REGIONS } from "./instances/fleet.ts";
import { describeMissingIsolation } from "./instances/isolation.ts";
import { FLEET_SIZE_MAX, fleetOf } from "./instances/large-fleet.ts";
import { DEFAULT_PORT, DEFAULT_TLS_PORT } from "./listeners.ts";
import { createJsonLog, type SandboxLog } from "./log.ts";
import { NotLoopbackError, type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";
import { readTlsArguments, TLS_ARGUMENTS, type TlsValues } from "./tls/tls-arguments.ts";

/** A shell that does not end must not keep the sandbox from ending. */
const CLOSE_WITHIN_MS = 1_900;

/** "Ready" waits so long for the machines, so that who asks at once finds them online; the API answers already. */
const CONNECT_WAIT_MAX_MS = 500;

const USAGE = `Usage: main.js [options]
  --port N          port to listen on, 0 for any free one (default ${DEFAULT_PORT})
  --host H          localhost, 127.x.x.x or ::1 (default 127.0.0.1)
  --proxy-port N    a proxy of yours on loopback brings its clients here from this port
  --tls             listens with TLS as well, with a certificate that is made at the start
  --tls-port N      its port, 0 for any free one (default ${DEFAULT_TLS_PORT})
  --ca-file F       where the certificate that clients trust is written (default: ca.pem in the state directory)
  --aws-name H      a name under amazonaws.com that your hosts file leads here; may be given more than once
  --people-file F   where the ready-made people's keys are written, mode 0600 (default: a private directory of its own)
  --state-dir D     where the machines' home directories are kept (default: a private directory, removed at the end)
  --fleet N         machines listed in all, 0 to ${FLEET_SIZE_MAX}; the first ${DEFAULT_FLEET.length} are the ready-made ones (default ${DEFAULT_FLEET.length}), the
                    others run once a shell is opened there
  --no-isolation    shells are not kept apart, even where user namespaces could do it
  --faults F        JSON file with what goes wrong on purpose (docs/sandbox-coverage.md)
  --throttle        calls beyond AWS's rates are throttled (docs/sandbox-coverage.md)
  --credential-lifetime N
                    the people's keys are temporary ones that end N seconds after they were given out
  --oidc-issuer URL  an OIDC provider that the account's roles trust, for AssumeRoleWithWebIdentity
  --oidc-client-id ID
                    the audience that its tokens must have
  --json            print one line of JSON when ready: {"endpointUrl","peopleFile","pid","missingIsolation"},
                    with --tls also "tlsEndpointUrl" and "caFile"
  --help
`;

interface Arguments {
  json: boolean;
  options: SandboxOptions;
}

async function main(argv: string[]): Promise<void> {
  const parsed = readArguments(argv);
  if (parsed === "help") {
    process.stdout.write(USAGE);
    return;
  }
  if ("problem" in parsed) return fail(parsed.problem);
  const log = createJsonLog((line) => process.stderr.write(line), Date.now);
  let sandbox: Sandbox;
  try {
    // People read the ready message, programs the events: only --json gets both.
    sandbox = await startSandbox({ ...parsed.options, log: parsed.json ? log : { info() {}, warn: log.warn } });
  } catch (error) {
    return fail(explain(error, parsed.options));
  }
  endOnSignal(sandbox, log);
  const [whyNot] = await Promise.all([
    sandbox.whyNotIsolated(),
    withinMs(sandbox.machinesConnected, CONNECT_WAIT_MAX_MS),
  ]);
  announce(sandbox, describeMissingIsolation(whyNot), parsed.json, log);
}

function readArguments(argv: string[]): Arguments | { problem: string } | "help" {
  let values: Record<string, string | boolean | string[] | undefined>;
  let tlsValues: TlsValues;
  try {
    const parsed = parseArgs({
      args: argv,
      options: {
        ...TLS_ARGUMENTS,
        port: { type: "string" },
        host: { type: "string" },
        "proxy-port": { type: "string" },
        "people-file": { type: "string" },
        "state-dir": { type: "string" },
        fleet: { type: "string" },
        faults: { type: "string" },
        "no-isolation": { type: "boolean" },
        throttle: { type: "boolean" },
        "credential-lifetime": { type: "string" },
        "oidc-issuer": { type: "string" },
        "oidc-client-id": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    values = parsed.values;
    tlsValues = parsed.values;
  } catch (error) {
    return { problem: `${error instanceof Error ? error.message : "unknown arguments"} (see --help)` };
  }
  if (values.help) return "help";
  const options: SandboxOptions = {};
  for (const name of ["port", "proxy-port"] as const) {
    const value = values[name];
    if (typeof value !== "string") continue;
    const least = name === "port" ? 0 : 1;
    if (!/^\d{1,5}$/.test(value) || Number(value) < least || Number(value) > 65_535)
      return { problem: `--${name} wants a number from ${least} to 65535, not "${value}"` };
    if (name === "port") options.port = Number(value);
    else options.proxyPorts = [Number(value)];
  }
  const secure = readTlsArguments(tlsValues);
  if ("problem" in secure) return secure;
  if (secure.tls !== undefined) options.tls = secure.tls;
  if (values["no-isolation"] === true) options.isolation = false;
  if (typeof values.host === "string") options.host = values.host;
  if (typeof values["people-file"] === "string") options.peopleFile = values["people-file"];
  if (typeof values["state-dir"] === "string") options.stateDir = values["state-dir"];
  if (typeof values["credential-lifetime"] === "string") {
    const seconds = Number(values["credential-lifetime"]);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LIFETIME_SECONDS_MAX)
      return { problem: `--credential-lifetime wants seconds from 1 to ${LIFETIME_SECONDS_MAX}` };
    options.credentialLifetimeSeconds = seconds;
  }
  const { "oidc-issuer": issuer, "oidc-client-id": clientId } = values;
  if (typeof issuer === "string" && typeof clientId === "string" && /^https?:\/\//.test(issuer))
    options.oidcProvider = { issuer, clientId };
  else if (issuer !== undefined || clientId !== undefined)
    return { problem: "--oidc-issuer wants an address, and --oidc-client-id with it" };
  if (typeof values.fleet === "string") {
    if (!/^\d{1,5}$/.test(values.fleet) || Number(values.fleet) > FLEET_SIZE_MAX)
      return { problem: `--fleet wants a number from 0 to ${FLEET_SIZE_MAX}, not "${values.fleet}"` };
    options.fleet = fleetOf(Number(values.fleet));
  }
  if (typeof values.faults === "string") {
    try {
      // Whatever it holds: the start checks it.
      options.faults = JSON.parse(readFileSync(values.faults, "utf8"));
    } catch {
      return { problem: `--faults wants a file with JSON, and ${values.faults} is none` };
    }
  }
  // Rates of the plan's own go first; a plan that is none is refused at the start.
  if (values.throttle === true && typeof (options.faults ?? {}) === "object")
    options.faults = { rates: AWS_RATES, ...options.faults };
  return { json: values.json === true, options };
}

function announce(sandbox: Sandbox, missing: readonly string[], json: boolean, log: SandboxLog): void {
  const { endpointUrl, tls, peopleFile, people } = sandbox;
  const { on, plan } = sandbox.faults.show();
  if (json) {
    for (const text of missing) log.warn("isolation_missing", { text });
    const secure = tls && { tlsEndpointUrl: tls.endpointUrl, caFile: tls.caFile };
    const ready = { endpointUrl, ...secure, peopleFile, pid: process.pid, missingIsolation: missing };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  process.stdout.write(
    [
      `Sandbox ready: ${endpointUrl}  (regions ${DEFAULT_REGIONS.join(", ")})`,
      ...(tls === undefined
        ? []
        : [
            `With TLS: ${tls.endpointUrl}`,
            `Its authority, for AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS or SSL_CERT_FILE: ${tls.caFile}`,
          ]),
      `People and their keys: ${peopleFile}`,
      `Machines, sessions and faults by browser: ${endpointUrl}/_sandbox/, passcode ${people.portalPasscode}`,
      `Identity Center: start URL ${endpointUrl}/start, the same passcode`,
      ...people.people.map(({ name, role, description }) => `  ${name} (${role}): ${description}`),
      // Older AWS CLIs do not read AWS_ENDPOINT_URL, and would carry these keys to AWS.
      `Try: aws --endpoint-url ${endpointUrl} --region eu-west-1 ssm describe-instance-information`,
      ...(on.length === 0 ? [] : [`These faults are on (seed ${plan.seed}):`, ...on.map((text) => `  - ${text}`)]),
      ...(missing.length === 0
        ? ["Shells see their machine's home and the system's programs, and reach no network."]
        : ["Before you use it:", ...missing.map((text) => `  - ${text}`)]),
      "Ctrl-C ends it, with all its shells.",
      "",
    ].join("\n"),
  );
}

function endOnSignal(sandbox: Sandbox, log: SandboxLog): void {
  let asked = 0;
  const end = (signal: NodeJS.Signals) => {
    if (++asked > 1) process.exit(1);
    log.info("sandbox_closing", { signal });
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.warn("close_failed", { error: String(error) });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("SIGHUP", end);
}

function explain(error: unknown, options: SandboxOptions): string {
  if (error instanceof NotLoopbackError) return error.message;
  if (error instanceof FaultPlanError) return `--faults: ${error.message}`;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const port = options.port ?? DEFAULT_PORT;
  const busy = (error as { port?: number }).port ?? port;
  const option = busy === port || options.tls === undefined ? "--port" : "--tls-port";
  if (code === "EADDRINUSE") return `port ${busy} is in use: end what listens there, or choose another with ${option}`;
  if (code === "EACCES" && busy !== 0 && busy < 1024)
    return `port ${busy} needs privileges: choose another with ${option}`;
  return message ?? String(error);
}

/** One line, and a status that scripts see. */
function fail(problem: string): void {
  process.stderr.write(`sandbox: ${problem}\n`);
  process.exitCode = 1;
}

// `pnpm sandbox -- --port 0` hands the first `--` on.
const [first, ...rest] = process.argv.slice(2);
await main(first === undefined ? [] : first === "--" ? rest : [first, ...rest]);
