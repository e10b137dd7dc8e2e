// The AWS API behind the listener: finds the service of a request, verifies its signature for that service, runs the operation and
// answers in the service's own protocol. Pure but for the operations: a request comes in, a reply goes out.
import type { Principal } from "../iam/principal.ts";
import type { SsoPerson } from "../sso/directory.ts";
import { AwsError } from "./aws-error.ts";
import type { InjectedFaults } from "./injected-faults.ts";
import { type JsonInput, parseJsonBody } from "./json-input.ts";
import type {
  Call,
  JsonOperations,
  QueryOperations,
  UnsignedJsonOperation,
  UnsignedJsonOperations,
  UnsignedQueryOperations,
} from "./operation.ts";
import {
  EC2_PROTOCOL,
  failureReply,
  type HttpAnswer,
  JSON_PROTOCOL,
  jsonHeaders,
  KMS_PROTOCOL,
  type Protocol,
  QUERY_PROTOCOL,
  xmlHeaders,
} from "./protocol.ts";
import { QueryInput } from "./query-input.ts";
import { answerRestRequest, type RestServices } from "./rest-api.ts";
import { type RequestToVerify, type StoredCredential, verifyRequest } from "./verify-request.ts";
import { xmlElement } from "./xml.ts";

export interface ApiRequest extends RequestToVerify {
  requestId: string;
  isSecure: boolean;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

interface QueryService {
  /** As the credential scope names it. */
  name: "sts" | "ec2" | "iam";
  version: string;
  namespace: string;
  operations: QueryOperations;
  /** Calls that carry no signature. */
  unsigned?: UnsignedQueryOperations;
}

export interface ApiDeps {
  /** Target prefix AmazonSSM, service name ssm. */
  ssm: JsonOperations;
  /** Calls of SSM that carry no signature. */
  ssmUnsigned: UnsignedJsonOperations;
  /** Calls of SSM that a machine signs with the private key that it registered. */
  ssmByNodeKey: JsonOperations;
  /**
   * The machine that has this id, and registered itself.
   * @throws AwsError InvalidInstanceId when it is the id of none
   */
  findNodeKey(instanceId: string): StoredCredential<Principal> | undefined;
  /** Target prefix TrentService, service name kms. */
  kms: JsonOperations;
  /** Target prefix EC2WindowsMessageDeliveryService, service name ec2messages. */
  ec2messages: JsonOperations;
  query: readonly QueryService[];
  rest: RestServices;
  /** Whose portal token this is. */
  bearerPerson(token: string, nowMs: number): SsoPerson | undefined;
  regions: readonly string[];
  findCredential(accessKeyId: string): StoredCredential<Principal> | undefined;
  faults: InjectedFaults;
  /** Something that is none of AWS's errors: a bug of ours. */
  onBug(failure: unknown): void;
}

export async function answerApiRequest(deps: ApiDeps, request: ApiRequest): Promise<HttpAnswer> {
  const target = header(request, "x-amz-target");
  if (target !== undefined) return answerJson(deps, request, target);
  if (/^application\/x-www-form-urlencoded\b/i.test(header(request, "content-type") ?? ""))
    return answerQuery(deps, request);
  const answer = await answerRestRequest(deps, request);
  // No dialect of ours: a call of a service that is not here, or no AWS client at all.
  if (answer !== undefined) return answer;
  return JSON_PROTOCOL.error(new AwsError("UnknownOperationException", "", 404), request.requestId);
}

async function answerJson(deps: ApiDeps, request: ApiRequest, target: string): Promise<HttpAnswer> {
  const dot = target.lastIndexOf(".");
  const name = target.slice(dot + 1);
  const service = JSON_SERVICES.get(target.slice(0, dot)) ?? "ssm";
  const protocol = service === "kms" ? KMS_PROTOCOL : JSON_PROTOCOL;
  const isService = JSON_SERVICES.has(target.slice(0, dot));
  const own = <Operation>(operations: Readonly<Record<string, Operation>>): Operation | undefined =>
    isService && Object.hasOwn(operations, name) ? operations[name] : undefined;
  const byNodeKey = service === "ssm" ? own(deps.ssmByNodeKey) : undefined;
  const unsigned = service === "ssm" ? own(deps.ssmUnsigned) : undefined;
  const operation = byNodeKey ?? own(deps[service]);
  return guarded(deps, request, protocol, async () => {
    if (unsigned !== undefined) return unsignedAnswer(deps, request, name, unsigned);
    // AWS looks at the operation before the signature, and so it needs no key to be told that there is none.
    if (operation === undefined) throw new AwsError("UnknownOperationException", "");
    const find = byNodeKey === undefined ? deps.findCredential : deps.findNodeKey;
    const call = verifiedCall({ ...deps, findCredential: find }, request, service, protocol);
    const input = parseJsonBody(request.body);
    const faultable = { ...call, service, operation: name, protocol, ...whatItConcerns(service, input) } as const;
    return deps.faults.around(faultable, async () => {
      const answer = await operation(input, call);
      return { status: 200, headers: jsonHeaders(request.requestId), body: JSON.stringify(answer) };
    });
  });
}

type JsonService = "ssm" | "kms" | "ec2messages";

/** By the prefix of X-Amz-Target. */
const JSON_SERVICES: ReadonlyMap<string, JsonService> = new Map([
  ["AmazonSSM", "ssm"],
  ["TrentService", "kms"],
  ["EC2WindowsMessageDeliveryService", "ec2messages"],
]);

async function unsignedAnswer(
  deps: ApiDeps,
  request: ApiRequest,
  operation: string,
  act: UnsignedJsonOperation,
): Promise<HttpAnswer> {
  const { requestId, nowMs, isSecure } = request;
  const input = parseJsonBody(request.body);
  // Which region it is meant for, only its content says.
  const faultable = {
    service: "ssm",
    operation,
    caller: undefined,
    region: "",
    protocol: JSON_PROTOCOL,
    nowMs,
  } as const;
  return deps.faults.around(faultable, async () => {
    const answer = await act(input, { requestId, nowMs, isSecure, host: header(request, "host") ?? "" });
    return { status: 200, headers: jsonHeaders(requestId), body: JSON.stringify(answer) };
  });
}

/** Session and machine, as plans of faults choose calls by them. KMS is told both in the encryption context. */
function whatItConcerns(service: JsonService, input: JsonInput) {
  if (service === "ec2messages") return { instanceId: input.text("Destination") };
  if (service === "ssm")
    return { sessionId: input.text("SessionId"), instanceId: input.text("Target") ?? input.text("InstanceId") };
  const context = input.textMap("EncryptionContext");
  return { sessionId: context["aws:ssm:SessionId"], instanceId: context["aws:ssm:TargetId"] };
}

async function answerQuery(deps: ApiDeps, request: ApiRequest): Promise<HttpAnswer> {
  const input = new QueryInput(request.body);
  const service =
    deps.query.find(({ version }) => version === input.version) ??
    deps.query.find(({ name }) => name === scopeService(request));
  const protocol = service?.name === "ec2" ? EC2_PROTOCOL : QUERY_PROTOCOL;
  return guarded(deps, request, protocol, async () => {
    const { action, version } = input;
    const { unsigned = {} } = service ?? {};
    const open = service?.version === version && Object.hasOwn(unsigned, action) ? unsigned[action] : undefined;
    if (service !== undefined && open !== undefined) {
      const { requestId, nowMs, isSecure } = request;
      const result = await open(input, { requestId, nowMs, isSecure, host: header(request, "host") ?? "" });
      return { status: 200, headers: xmlHeaders(requestId), body: envelope(service, action, result, request) };
    }
    const operation =
      service?.version === version && Object.hasOwn(service.operations, action)
        ? service.operations[action]
        : undefined;
    if (service === undefined || operation === undefined) throw invalidAction(service?.name, action, version);
    const call = verifiedCall(deps, request, service.name, protocol);
    return deps.faults.around({ ...call, service: service.name, operation: action, protocol }, async () => {
      const result = await operation(input, call);
      return { status: 200, headers: xmlHeaders(request.requestId), body: envelope(service, action, result, request) };
    });
  });
}

/** STS wraps its result twice and puts the request id last; EC2 once, and first. */
function envelope(
  { name, namespace }: QueryService,
  action: string,
  result: Parameters<typeof xmlElement>[1],
  { requestId }: ApiRequest,
): string {
  const xmlns = ` xmlns="${namespace}"`;
  if (name === "ec2")
    return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(`${action}Response`, { requestId, ...(result as object) }, xmlns)}`;
  return xmlElement(
    `${action}Response`,
    { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
    xmlns,
    "member",
  );
}

function invalidAction(service: string | undefined, action: string, version: string): AwsError {
  const name = action.slice(0, 128);
  return service === "ec2"
    ? new AwsError("InvalidAction", `The action ${name} is not valid for this web service.`)
    : new AwsError("InvalidAction", `Could not find operation ${name} for version ${version.slice(0, 32)}`);
}

function verifiedCall(deps: ApiDeps, request: ApiRequest, service: string, protocol: Protocol): Call {
  const verification = verifyRequest(request, {
    service,
    regions: deps.regions,
    find: deps.findCredential,
    nowMs: request.nowMs,
  });
  if (!verification.ok) throw protocol.refusal(verification.refusal);
  return {
    caller: verification.owner,
    region: verification.region,
    host: header(request, "host") ?? "",
    isSecure: request.isSecure,
    requestId: request.requestId,
    nowMs: request.nowMs,
  };
}

async function guarded(
  deps: ApiDeps,
  { requestId }: ApiRequest,
  protocol: Protocol,
  act: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  try {
    return await act();
  } catch (failure) {
    return failureReply(protocol, failure, requestId, deps.onBug);
  }
}

const header = (request: ApiRequest, name: string): string | undefined => request.headers.get(name)?.[0];

/** Only to choose a dialect for a refusal; the verifier reads the scope again, and strictly. */
const scopeService = (request: ApiRequest): string | undefined =>
  /Credential=[^/,]*\/[^/,]*\/[^/,]*\/([^/,]*)\//.exec(header(request, "authorization") ?? "")?.[1];
