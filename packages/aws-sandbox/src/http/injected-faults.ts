// Calls that fail on purpose: after their signature was verified, before or after they were carried out. What fails when is the
// plan's business (faults/); this gives a failure the shape that the called service would give it.
import type { ApiEffect } from "../faults/fault-plan.ts";
import type { Faults } from "../faults/faults.ts";
import type { Principal } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import { AccessDeniedError, AwsError } from "./aws-error.ts";
import { HeldCalls } from "./held-calls.ts";
import type { HttpAnswer, HttpReply, Protocol } from "./protocol.ts";

/** Calls that are held back at one time; one beyond is answered at once. */
export const HELD_CALLS_MAX = 256;

export interface FaultableCall {
  service: "ssm" | "kms" | "ec2messages" | "iam" | "sts" | "ec2" | "ssmmessages" | "sso" | "sso-oauth";
  operation: string;
  /** undefined for calls that nobody signs. */
  caller: Principal | undefined;
  /** Who makes an unsigned call, as far as its token says. */
  personId?: string | undefined;
  region: string;
  protocol: Protocol;
  sessionId?: string | undefined;
  instanceId?: string | undefined;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

export class InjectedFaults {
  readonly #faults: Faults;
  readonly #targetOf: (sessionId: string) => string | undefined;
  readonly #held = new HeldCalls(HELD_CALLS_MAX);

  /** @param targetOf the machine of a session: calls name one or the other */
  constructor(faults: Faults, targetOf: (sessionId: string) => string | undefined) {
    this.#faults = faults;
    this.#targetOf = targetOf;
  }

  /** @throws what `act` throws, or the AwsError of the plan */
  async around(call: FaultableCall, act: () => HttpReply | Promise<HttpReply>): Promise<HttpAnswer> {
    const { operation, caller, sessionId, region, nowMs } = call;
    const person = personOf(caller) ?? call.personId;
    const rated = { operation, region, payer: caller?.account ?? person ?? "", isPersons: person !== undefined };
    if (this.#faults.isThrottled(rated, nowMs)) throw usualError("ThrottlingException", call);
    const effect = this.#faults.apiEffect({
      operation,
      person,
      sessionId,
      instanceId: call.instanceId ?? (sessionId === undefined ? undefined : this.#targetOf(sessionId)),
    });
    switch (effect?.kind) {
      case undefined:
        return act();
      case "error":
        throw plannedError(effect, call);
      case "without_token":
        return withoutToken(await act());
      case "reset":
        if (effect.when === "after") await act();
        return "reset";
      case "hang": {
        if (effect.when === "before") await this.#held.wait(effect.ms);
        const reply = await act();
        if (effect.when === "after") await this.#held.wait(effect.ms);
        return reply;
      }
    }
  }

  /** Nothing is held back any longer. */
  close(): void {
    this.#held.close();
  }
}

function personOf(caller: Principal | undefined): string | undefined {
  if (caller === undefined || caller.instanceId !== undefined) return undefined;
  return caller.personId ?? caller.sessionName;
}

type PlannedError = ApiEffect & { kind: "error" };

/** Four failures have another name in each dialect; a plan may use any of them. Everything else is said as it stands. */
function plannedError(effect: PlannedError, call: FaultableCall): AwsError {
  const usual = usualError(effect.code, call);
  return new AwsError(usual.code, effect.message ?? usual.message, effect.status ?? usual.httpStatus);
}

function usualError(code: string, call: FaultableCall): AwsError {
  const { protocol, service, operation, caller } = call;
  switch (code) {
    case "AccessDeniedException":
    case "AccessDenied":
    case "UnauthorizedOperation": {
      if (caller === undefined) return new AwsError("AccessDeniedException", "");
      const denial = { callerArn: caller.arn, action: `${service}:${operation}`, explicit: false };
      const resource = resourceOf(call);
      return protocol.denied(new AccessDeniedError(resource === undefined ? denial : { ...denial, resource }));
    }
    case "ExpiredTokenException":
    case "ExpiredToken":
    case "RequestExpired":
      return protocol.refusal({ kind: "expired_key" });
    case "ThrottlingException":
    case "Throttling":
    case "RequestLimitExceeded":
      if (service === "ec2") return new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
      if (service === "sso") return new AwsError("TooManyRequestsException", "HTTP 429 Unknown Code", 429);
      return new AwsError(
        service === "sts" || service === "iam" ? "Throttling" : "ThrottlingException",
        "Rate exceeded",
      );
    case "InternalServerError":
    case "InternalFailure":
    case "InternalError": {
      const names = {
        ec2: "InternalError",
        sts: "InternalFailure",
        ssm: "InternalServerError",
        kms: "KMSInternalException",
        iam: "ServiceFailure",
        ssmmessages: "InternalServerError",
        ec2messages: "InternalServerError",
        sso: "InternalServerException",
        "sso-oauth": "InternalServerException",
      };
      return new AwsError(names[service], "An internal error occurred.", 500);
    }
    default:
      return new AwsError(code, "");
  }
}

function resourceOf({ sessionId, instanceId, region, caller }: FaultableCall): string | undefined {
  if (caller === undefined) return undefined;
  if (sessionId !== undefined) return `arn:aws:ssm:${region}:${caller.account}:session/${sessionId}`;
  return instanceId === undefined ? undefined : instanceArn({ id: instanceId, region, account: caller.account });
}

/** What ResumeSession answers for a session that can no longer be resumed. */
function withoutToken(reply: HttpReply): HttpReply {
  const { SessionId }: { SessionId?: unknown } = JSON.parse(reply.body);
  return { ...reply, body: JSON.stringify({ SessionId }) };
}
