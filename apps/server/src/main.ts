import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { awsDomains } from "./aws-domains.ts";
import { buildServer, type CausewayServer } from "./build-server.ts";
import { LaunchSecret, readReadyMadePeople } from "./identity/index.ts";
import { launchAnnouncement } from "./launch-announcement.ts";
import { systemClock } from "./platform/clock.ts";
import { openSteadyClock } from "./platform/clock-anchor.ts";
import { type Config, ConfigError, readConfig } from "./platform/config.ts";
import { DirectoryInUseError, lockDirectory } from "./platform/directory-lock.ts";
import { loadEncryptionKeys } from "./platform/encryption-key.ts";
import { WebPage } from "./platform/http/web-page.ts";
import { createLog } from "./platform/logger.ts";
import { createMetrics } from "./platform/metrics.ts";
import { urlHost } from "./platform/network-address.ts";
import { makePrivateDirectory, PrivateFileError } from "./platform/private-file.ts";
import { SecretBox } from "./platform/secret-box.ts";
import { openSqliteStore, StoreOpenError } from "./platform/store/sqlite-store.ts";
import { VERSION } from "./platform/version.ts";
import { hasSessionLogs, readBootId } from "./sessions/index.ts";
import { closeSockets, SHUTDOWN_MS_MAX, shutDown, shutdownSteps } from "./shutdown.ts";

/** The process: reads the environment, opens what outlives a request, starts, and stops in order. */

/** Whoever starts the server can do something about it: one plain line, no stack. */
class StartError extends Error {}

// Whatever this process creates is its user's alone, SQLite's own files included.
process.umask(0o077);
// Which Node this runs on is decided by package.json; the SDK's reminder would stand amid the lines for people.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
// The log's reader may go away; the shells must not go with it.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const isTerminal = process.stderr.isTTY === true;

start().catch((error: unknown) => {
  for (const line of linesFor(error)) process.stderr.write(`causeway: ${line}\n`);
  process.exit(1);
});

async function start(): Promise<void> {
  const config = readConfig(process.env, {
    homeDir: homedir(),
    // The same for src/main.ts and dist/main.js.
    webDir: fileURLToPath(new URL("../../web/dist", import.meta.url)),
    // Beside the lines for people on a terminal, a log of every request only hides them.
    logLevel: process.stdout.isTTY ? "warn" : "info",
  });
  const log = createLog(config.logLevel, (line) => process.stdout.write(line));
  failLoudly(log);
  const tls = config.tls && readTls(config.tls);

  makePrivateDirectory(config.dataDir);
  const lock = lockDirectory(config.dataDir);
  const store = await openSqliteStore(join(config.dataDir, "causeway.db"));
  const [masterKey, ...oldMasterKeys] = loadEncryptionKeys(config.encryptionKey, config.dataDir, randomBytes);
  const box = new SecretBox(masterKey, randomBytes, oldMasterKeys);
  const metrics = createMetrics(true);
  const clock = systemClock;
  const bootId = readBootId(randomUUID);
  const aws = await awsDomains(config, process.env, {
    clock: openSteadyClock(config.dataDir, bootId, !hasSessionLogs(config.dataDir)),
    wallClock: clock,
    bootId,
    log,
    metrics,
    masterKey,
    oldMasterKeys,
    database: store.database,
  });

  let server: CausewayServer | undefined;
  const announcement = launchAnnouncement({
    dataDir: config.dataDir,
    origin: () => server?.publicAddress().origin ?? "",
    terminal: isTerminal ? tell : undefined,
  });
  const launchSecret =
    config.readyMadePeopleFile === undefined && !config.localProfiles
      ? undefined
      : new LaunchSecret(clock, randomBytes, (secret, why) => announcement.announce(secret, why));

  server = await buildServer(config, {
    log,
    clock,
    randomBytes,
    metrics,
    store,
    box,
    version: VERSION,
    tls,
    page: builtPage(config, log),
    launchSecret,
    callerIdentity: aws.callerIdentity,
    sessionToken: aws.sessionToken,
    identityCenter: aws.identityCenter,
    roles: aws.roles,
    oidcProvider: aws.oidcProvider,
    profiles: aws.profiles,
    domains: aws.domains,
  });
  const { app, beginStopping } = server;
  await aws.reopen();
  stopOnSignal(log, () =>
    shutDown(
      shutdownSteps({
        stopAccepting() {
          beginStopping();
          app.server.close();
        },
        storeSessions: () => aws.shutdown(),
        closeSockets: () => closeSockets(app),
        async closeStore() {
          announcement.close();
          await store.close();
        },
        releaseLock: () => lock.release(),
      }),
      clock,
      log,
    ),
  );

  await listen(config, server);
  const { origin } = server.publicAddress();
  log.info({ version: VERSION, listen: config.listen, publicUrl: origin, dataDir: config.dataDir }, "listening");
  if (launchSecret !== undefined) {
    sayWhetherPeopleCanSignIn(config.readyMadePeopleFile);
    launchSecret.renew("start");
    if (isTerminal && process.stdin.isTTY) process.stdin.on("data", () => launchSecret.renew("asked"));
    else if (!isTerminal) tell(`Causeway is ready. Its link is in ${join(config.dataDir, "launch-url")}`);
  } else tell(`Causeway is ready: ${origin}`);
}

async function listen(config: Config, { app }: CausewayServer): Promise<void> {
  try {
    await app.listen({ host: config.listen.host, port: config.listen.port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = `${urlHost(config.listen.host)}:${config.listen.port}`;
    if (code === "EADDRINUSE")
      throw new StartError(`${where} is in use by another program. Stop it, or set CAUSEWAY_LISTEN to another port.`);
    if (code === "EACCES") throw new StartError(`${where} may not be listened on by this user: use a port above 1023.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new StartError(`${where} is not an address of this machine: correct CAUSEWAY_LISTEN.`);
    throw error;
  }
}

/** Read and tried before anything else is opened: Node would say it with a stack of its own. */
function readTls({ certFile, keyFile }: NonNullable<Config["tls"]>): { cert: Buffer; key: Buffer } {
  const tls = { cert: readTlsFile(certFile), key: readTlsFile(keyFile) };
  try {
    createSecureContext(tls);
  } catch {
    throw new StartError(`${certFile} and ${keyFile} are not a PEM certificate and its private key.`);
  }
  return tls;
}

function readTlsFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function builtPage(config: Config, log: Logger): WebPage | undefined {
  try {
    return new WebPage(config.webDir);
  } catch (error) {
    log.warn({ err: error }, "no page is served");
    tell(`${(error as Error).message} Until then only the API answers.`);
    return undefined;
  }
}

/** The file may come later, as the sandbox that writes it may start later; until then it is said what is missing. */
function sayWhetherPeopleCanSignIn(file: string | undefined): void {
  try {
    if (file !== undefined) readReadyMadePeople(file);
  } catch (error) {
    const reason = (error as Error).cause;
    tell(`Ready-made people cannot sign in yet: ${reason instanceof Error ? reason.message : String(error)}`);
  }
}

/** The first signal stops in order, within SHUTDOWN_MS_MAX; the second one at once. */
function stopOnSignal(log: Logger, stop: () => Promise<boolean>): void {
  let stopping = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    tell("Stopping: the open shells go on, and the next start finds them again. Press Ctrl-C again to leave at once.");
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.error({}, "the shutdown took too long");
      process.exit(1);
    }, SHUTDOWN_MS_MAX).unref();
    stop().then(
      (clean) => {
        log.info({ clean }, "stopped");
        process.exit(clean ? 0 : 1);
      },
      (error: unknown) => {
        log.error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", handle);
  process.on("SIGINT", handle);
}

/** After an error that nobody caught, nothing in memory can be trusted: said, and ended. */
function failLoudly(log: Logger): void {
  const fail = (error: unknown): void => {
    log.error({ err: error }, "an error that nobody caught");
    process.exit(1);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
}

/** A line for the person who started the server, beside the log. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function linesFor(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  const isPlain =
    error instanceof StartError ||
    error instanceof PrivateFileError ||
    error instanceof DirectoryInUseError ||
    error instanceof StoreOpenError;
  if (isPlain) return [error.message];
  return [`could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
}
