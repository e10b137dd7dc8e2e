/** StartSession with everything that may have to be tried around it. A straight line of calls. */
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import { isStopped } from "./instance-words.ts";
import type { InstanceFacts, SessionCalls, StartedSession, StartTarget } from "./session-calls.ts";

/** The account's own shell document; it exists once somebody saved the preferences (aws-facts §5). */
export const DEFAULT_SESSION_DOCUMENT = "SSM-SessionManagerRunShell";
/** StartSession is throttled hard and must not be repeated blindly: only an answer that says "slow down" is. */
export const THROTTLED_TRIES_MAX = 3;
const THROTTLED_WAIT_MS = 1_000;

export interface StartDeps {
  calls: SessionCalls;
  clock: Clock;
  random: () => number;
}

/**
 * @returns the session and the document it was started with; undefined: AWS chose
 * @throws CatalogError; instead of INSTANCE_NOT_CONNECTED, INSTANCE_STOPPED when EC2 says so, else INSTANCE_NOT_MANAGED or
 * INSTANCE_LOST when Systems Manager does; SESSION_DOCUMENT_MISSING names the document in its detail
 */
export async function startInAws(
  deps: StartDeps,
  identity: AwsIdentity,
  target: StartTarget,
  facts: Promise<InstanceFacts>,
): Promise<{ started: StartedSession; documentName: string | undefined }> {
  try {
    return { started: await patiently(deps, identity, target), documentName: target.documentName };
  } catch (error) {
    if (!isMissingDefault(error, target)) throw named(await refined(error, facts, deps, identity, target), target);
    const unnamed = { ...target, documentName: undefined };
    return startInAws(deps, identity, unnamed, facts).catch((second: unknown) => {
      throw named(second, target);
    });
  }
}

/** AWS does not always repeat the name that it did not find. */
function named(error: unknown, { documentName }: StartTarget): unknown {
  const isMissing = error instanceof CatalogError && error.code === "SESSION_DOCUMENT_MISSING";
  if (!isMissing || documentName === undefined || error.detail !== undefined) return error;
  const { aws } = error;
  return new CatalogError(error.code, { cause: error, detail: documentName, ...(aws === undefined ? {} : { aws }) });
}

async function patiently(deps: StartDeps, identity: AwsIdentity, target: StartTarget): Promise<StartedSession> {
  for (let tries = 1; ; tries++) {
    try {
      return await deps.calls.start(identity, target);
    } catch (error) {
      const throttled = error instanceof CatalogError && error.code === "AWS_THROTTLED";
      if (!throttled || tries >= THROTTLED_TRIES_MAX) throw error;
      const waitMs = THROTTLED_WAIT_MS * tries * (0.5 + deps.random());
      await new Promise<void>((resolve) => deps.clock.setTimer(deps.clock.nowMs() + waitMs, resolve));
    }
  }
}

/** Nobody ever saved preferences in this account and region: AWS then has a built-in shell, if no name is given. */
function isMissingDefault(error: unknown, target: StartTarget): boolean {
  return (
    target.documentName === DEFAULT_SESSION_DOCUMENT &&
    error instanceof CatalogError &&
    error.code === "SESSION_DOCUMENT_MISSING"
  );
}

async function refined(
  error: unknown,
  facts: Promise<InstanceFacts>,
  { calls }: StartDeps,
  identity: AwsIdentity,
  { region, instanceId }: StartTarget,
): Promise<unknown> {
  if (!(error instanceof CatalogError) || error.code !== "INSTANCE_NOT_CONNECTED") return error;
  const told = { cause: error, ...(error.aws === undefined ? {} : { aws: error.aws }) };
  const { ec2State } = await facts;
  if (isStopped(ec2State)) return new CatalogError("INSTANCE_STOPPED", { ...told, detail: `EC2 says: ${ec2State}` });
  const registration = await calls.registration(identity, region, instanceId);
  if (registration.kind === "never") return new CatalogError("INSTANCE_NOT_MANAGED", told);
  if (registration.kind !== "lost") return error;
  const { lastPingAtMs } = registration;
  return new CatalogError("INSTANCE_LOST", { ...told, ...(lastPingAtMs === undefined ? {} : { lastPingAtMs }) });
}
