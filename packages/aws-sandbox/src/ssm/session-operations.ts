// StartSession, ResumeSession, TerminateSession, GetConnectionStatus: IAM first, then what the fleet and the gateway say.
// Source: SSM API Reference; data-channel.md §2.1; aws-facts.md §2, §7.
import { AwsError } from "../http/aws-error.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import { type AuthorizationQuestion, authorize, authorizeAll, isAuthorized, type Principal } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";
import { type GatewaySession, TargetNotConnectedError, TooManySessionsError } from "../ssm-messages/session-types.ts";
import { DOCUMENT_NAME_PATTERN, documentNameOf, invalidDocument } from "./describe-documents.ts";
import type { DocumentStore } from "./document-store.ts";
import { DEFAULT_SHELL_DOCUMENT, documentArn, SHELL_DOCUMENT_NAME } from "./documents.ts";
import { checkSessionParameters } from "./session-parameters.ts";
import type { SessionStore } from "./session-store.ts";

export interface SessionDeps {
  registry: InstanceRegistry;
  sessions: SessionStore;
  documents: DocumentStore;
  randomBytes(length: number): Uint8Array;
}

const SESSION_ID = { charsMin: 1, charsMax: 96 };
const TARGET = { charsMin: 1, charsMax: 400 };
/** Source: SSM API Reference, Parameters of StartSession. */
const PARAMETER_CHARS_MAX = 65_535;

export function sessionOperations(deps: SessionDeps): JsonOperations {
  return {
    StartSession(input, call) {
      const target = input.requiredText("Target", TARGET);
      const documentName = input.text("DocumentName", { pattern: DOCUMENT_NAME_PATTERN });
      const reason = input.text("Reason", { charsMin: 1, charsMax: 256 });
      const parameters = input.textLists("Parameters", PARAMETER_CHARS_MAX);
      input.check();
      authorizeStart(deps, call, target, documentName);
      const { name, content } = chooseDocument(deps.documents, call, documentName, parameters);

      const { caller } = call;
      const sessionId = `${caller.sessionName}-${Buffer.from(deps.randomBytes(9)).toString("hex").slice(0, 17)}`;
      if (!isReachable(deps, call, target)) throw notConnected(target);
      const access = asAwsErrors(target, () =>
        deps.sessions.startSession(
          {
            sessionId,
            region: call.region,
            target,
            owner: { arn: caller.arn, userId: caller.userId, account: caller.account, sessionName: caller.sessionName },
            documentName: name,
            document: content,
            parameters,
            ...runAs(caller, content.inputs),
            ...(reason === undefined ? {} : { reason }),
          },
          mayOpenChannel(call, { sessionId, target, owner: caller }),
        ),
      );
      return { SessionId: sessionId, TokenValue: access.token, StreamUrl: streamUrl(call, access.streamPath) };
    },

    ResumeSession(input, call) {
      const sessionId = input.requiredText("SessionId", SESSION_ID);
      input.check();
      const session = authorizeOnSession(deps, call, "ssm:ResumeSession", sessionId);
      if (session === undefined) throw new AwsError("DoesNotExistException", `Session ${sessionId} does not exist`);
      const access = asAwsErrors(session.target, () =>
        deps.sessions.resumeSession(sessionId, mayOpenChannel(call, session)),
      );
      // Without TokenValue: this session can no longer be resumed (data-channel.md §2.1).
      if (access === undefined) return { SessionId: sessionId };
      return { SessionId: sessionId, TokenValue: access.token, StreamUrl: streamUrl(call, access.streamPath) };
    },

    TerminateSession(input, call) {
      const sessionId = input.requiredText("SessionId", SESSION_ID);
      input.check();
      // Ending what has ended or never was is no error: the call has none for it.
      if (authorizeOnSession(deps, call, "ssm:TerminateSession", sessionId)) deps.sessions.terminateSession(sessionId);
      return { SessionId: sessionId };
    },

    GetConnectionStatus(input, call) {
      const target = input.requiredText("Target", TARGET);
      input.check();
      authorize(call.caller, onInstance(deps, call, "ssm:GetConnectionStatus", target));
      return { Target: target, Status: isReachable(deps, call, target) ? "connected" : "notconnected" };
    },
  };
}

/** Back by the way that the caller came. */
const streamUrl = ({ host, isSecure }: Call, path: string): string => `${isSecure ? "wss" : "ws"}://${host}${path}`;

/** The tag of who starts the session decides before the document does. Source: aws-facts.md §5. */
function runAs(caller: Principal, inputs: Readonly<Record<string, unknown>> = {}): { runAsUser?: string } {
  if (String(inputs.runAsEnabled) !== "true") return {};
  return { runAsUser: caller.tags?.SSMSessionRunAs ?? String(inputs.runAsDefaultUser ?? "") };
}

function onInstance(
  deps: SessionDeps,
  { caller, region }: Call,
  action: string,
  target: string,
): AuthorizationQuestion & { resource: string } {
  const instance = deps.registry.find(target, caller.account, region);
  return {
    action,
    resource: instanceArn({ id: target, region, account: caller.account }),
    region,
    ...(instance === undefined ? {} : { resourceTags: instance.definition.tags }),
  };
}

/**
 * Instance and document both. Without a document's name the default one is asked about only where a policy demands it by
 * `ssm:SessionDocumentAccessCheck`. Source: Systems Manager User Guide, "Enforce a session document permission check".
 */
function authorizeStart(deps: SessionDeps, call: Call, target: string, asked: string | undefined): void {
  const { caller, region } = call;
  const instance = onInstance(deps, call, "ssm:StartSession", target);
  const checked = (isChecked: boolean) => ({ context: { "ssm:SessionDocumentAccessCheck": String(isChecked) } });
  if (asked === undefined && isAuthorized(caller, { ...instance, ...checked(false) })) return;
  const name = asked === undefined ? SHELL_DOCUMENT_NAME : documentNameOf(asked);
  const document = { action: "ssm:StartSession", resource: documentArn(name, region, caller.account), region };
  authorizeAll(caller, [
    { ...instance, ...checked(true) },
    { ...document, ...checked(true) },
  ]);
}

/** Asked when the token is given out: it lives for seconds, and its bearer signs nothing. */
const mayOpenChannel = (
  { caller, region }: Call,
  session: { sessionId: string; target: string; owner: { userId: string } },
): boolean => isAuthorized(caller, onSession("ssmmessages:OpenDataChannel", caller.account, region, session));

function onSession(
  action: string,
  account: string,
  region: string,
  session: { sessionId: string; target?: string; owner?: { userId: string } },
): AuthorizationQuestion {
  const { sessionId, target, owner } = session;
  return {
    action,
    resource: `arn:aws:ssm:${region}:${account}:session/${sessionId}`,
    region,
    // The two tags that AWS puts on every session (aws-facts.md §2).
    ...(owner === undefined || target === undefined
      ? {}
      : { resourceTags: { "aws:ssmmessages:session-id": owner.userId, "aws:ssmmessages:target-id": target } }),
  };
}

/** @returns the session when it is one of the caller's account and region */
function authorizeOnSession(
  deps: SessionDeps,
  call: Call,
  action: string,
  sessionId: string,
): GatewaySession | undefined {
  const { caller, region } = call;
  const found = deps.sessions.getSession(sessionId);
  const session = found?.region === region && found.owner.account === caller.account ? found : undefined;
  authorize(caller, onSession(action, caller.account, region, session ?? { sessionId }));
  return session;
}

function chooseDocument(
  documents: DocumentStore,
  { caller, region }: Call,
  asked: string | undefined,
  parameters: Record<string, string[]>,
) {
  const place = { account: caller.account, region };
  if (asked === undefined) {
    if (Object.keys(parameters).length > 0)
      throw new AwsError(
        "InvalidParameters",
        `Parameters not defined in document: ${Object.keys(parameters).join(", ").slice(0, 256)}`,
      );
    return {
      name: SHELL_DOCUMENT_NAME,
      content: documents.contentOf(place, SHELL_DOCUMENT_NAME) ?? DEFAULT_SHELL_DOCUMENT,
    };
  }
  const name = documentNameOf(asked);
  const content = documents.contentOf(place, name);
  if (content === undefined) throw invalidDocument(name);
  checkSessionParameters(content, parameters);
  return { name, content };
}

const isReachable = ({ registry, sessions }: SessionDeps, { caller, region }: Call, target: string): boolean =>
  registry.find(target, caller.account, region) !== undefined && sessions.isConnected(target);

const notConnected = (target: string): AwsError => new AwsError("TargetNotConnected", `${target} is not connected.`);

function asAwsErrors<Result>(target: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof TargetNotConnectedError) throw notConnected(target);
    if (error instanceof TooManySessionsError) throw new AwsError("ThrottlingException", "Rate exceeded");
    throw error;
  }
}
