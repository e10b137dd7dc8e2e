/**
 * Every failure a person or a caller can meet, in one place: cause and remedy in plain words.
 * `docs/errors.md` is checked against this file in both directions. Raw AWS text stays behind "details".
 * Above 300 lines: a list is found by its being one list.
 */

/** Who can do something about it: decides log level and tone. */
export type ErrorActor = "person" | "aws-account-admin" | "server-operator" | "causeway";

export interface ErrorCatalogEntry {
  httpStatus: number;
  actor: ErrorActor;
  title: string;
  cause: string;
  remedy: string;
  /** AWS error codes that become this entry. */
  awsErrors?: readonly string[];
  /** The same request may succeed later without anybody changing anything. */
  retryable: boolean;
}

export const ERROR_CATALOG = {
  // --- the request itself
  REQUEST_INVALID: {
    httpStatus: 400,
    actor: "causeway",
    title: "The request was not understood",
    cause: "A field is missing, has the wrong type, or is not known.",
    remedy: "Reload the page. If you call the API yourself, compare with /api/v1/openapi.json.",
    retryable: false,
  },
  REQUEST_TOO_LARGE: {
    httpStatus: 413,
    actor: "person",
    title: "The request is too large",
    cause: "A message exceeds the largest size the server accepts.",
    remedy: "Send less at once.",
    retryable: false,
  },
  REQUEST_HEADERS_TOO_LARGE: {
    httpStatus: 431,
    actor: "person",
    title: "The request's headers are too large",
    cause: "The browser sent more than 16 KiB of headers: other programs on the same host may have set many cookies.",
    remedy: "Delete the cookies of this host, then open the console again.",
    retryable: false,
  },
  MEDIA_TYPE_NOT_SUPPORTED: {
    httpStatus: 415,
    actor: "causeway",
    title: "The request is not JSON",
    cause: "The Content-Type header is missing or is not application/json.",
    remedy: "Reload the page. If you call the API yourself, send JSON and say so.",
    retryable: false,
  },
  METHOD_NOT_ALLOWED: {
    httpStatus: 405,
    actor: "causeway",
    title: "This address does not take that method",
    cause: "The address exists, but for other methods: the Allow header names them.",
    remedy: "Reload the page. If you call the API yourself, compare with /api/v1/openapi.json.",
    retryable: false,
  },
  ROUTE_NOT_FOUND: {
    httpStatus: 404,
    actor: "person",
    title: "There is nothing at this address",
    cause: "The address is mistyped, or the page is older or newer than the server.",
    remedy: "Go back to the start page.",
    retryable: false,
  },
  HOST_NOT_ALLOWED: {
    httpStatus: 421,
    actor: "server-operator",
    title: "This server does not answer to that host name",
    cause: "The Host header differs from the configured public URL.",
    remedy: "Open the address that the server printed, or set CAUSEWAY_PUBLIC_URL to the address people use.",
    retryable: false,
  },
  ORIGIN_NOT_ALLOWED: {
    httpStatus: 403,
    actor: "server-operator",
    title: "The request came from another site",
    cause: "The Origin header is missing or is not this console.",
    remedy: "Open the console itself. Behind a proxy, set CAUSEWAY_PUBLIC_URL to the address people use.",
    retryable: false,
  },
  TLS_REQUIRED: {
    httpStatus: 403,
    actor: "server-operator",
    title: "This console is reached by https only",
    cause:
      "The request came without TLS: directly instead of through the proxy, or the proxy does not say that it ends TLS.",
    remedy:
      "Open the https:// address. The proxy must send X-Forwarded-Proto and be named in CAUSEWAY_TRUSTED_PROXIES.",
    retryable: false,
  },
  METRICS_TOKEN_REQUIRED: {
    httpStatus: 401,
    actor: "server-operator",
    title: "Metrics need their token",
    cause: "The Authorization header is missing or does not hold the token that the server was started with.",
    remedy: "Give the scraper the value of CAUSEWAY_METRICS_TOKEN as its bearer token.",
    retryable: false,
  },
  RATE_LIMITED: {
    httpStatus: 429,
    actor: "person",
    title: "Too many attempts",
    cause: "This address asked more often than the server allows.",
    remedy: "Wait a minute and try again.",
    retryable: true,
  },
  PAGE_OUTDATED: {
    httpStatus: 409,
    actor: "person",
    title: "This page is from another version",
    cause: "The server was updated while the page was open.",
    remedy: "Reload the page. Your terminals will be found again.",
    retryable: false,
  },
  // --- signing in
  SIGN_IN_REQUIRED: {
    httpStatus: 401,
    actor: "person",
    title: "You are not signed in",
    cause: "There is no valid session cookie: you signed out, or the login reached its longest duration.",
    remedy: "Sign in again. Open terminals go on.",
    retryable: false,
  },
  LAUNCH_SECRET_INVALID: {
    httpStatus: 403,
    actor: "person",
    title: "This link was already used or has expired",
    cause: "The link that the server prints works once, for at most 10 minutes.",
    remedy:
      "Press Enter in the terminal where the server runs, or read the launch-url file in its data directory, and open the fresh link.",
    retryable: false,
  },
  LAUNCH_REQUIRED: {
    httpStatus: 403,
    actor: "person",
    title: "This browser did not come through the printed link",
    cause:
      "Anyone on this machine can reach the port, so ready-made people sign in only from the link that the server printed.",
    remedy: "Open the link shown in the terminal where the server runs.",
    retryable: false,
  },
  SIGN_IN_METHOD_OFF: {
    httpStatus: 404,
    actor: "server-operator",
    title: "This way of signing in is not set up",
    cause: "The server's configuration does not offer it, or the person is not in the configured file.",
    remedy: "Use another way to sign in.",
    retryable: false,
  },
  ACCESS_KEYS_REFUSED: {
    httpStatus: 401,
    actor: "person",
    title: "AWS did not accept these keys",
    cause:
      "The access key does not exist or is inactive, the secret does not match, or a session token is missing or wrong.",
    remedy: "Check key, secret and session token. Temporary keys (ASIA…) need their session token.",
    awsErrors: [
      "InvalidClientTokenId",
      "SignatureDoesNotMatch",
      "UnrecognizedClientException",
      "IncompleteSignature",
      "MissingAuthenticationToken",
      "AuthFailure",
    ],
    retryable: false,
  },
  ROOT_KEYS_REFUSED: {
    httpStatus: 403,
    actor: "person",
    title: "Root keys are not accepted",
    cause: "These keys belong to the account's root user, whom no policy limits.",
    remedy: "Sign in with an IAM user or a role. Delete the root access keys.",
    retryable: false,
  },
  LOGINS_LIMIT_REACHED: {
    httpStatus: 503,
    actor: "server-operator",
    title: "Too many people are signed in",
    cause: "The server keeps at most 10,000 logins, and that many have not ended yet.",
    remedy: "Try again later. The operator can shorten CAUSEWAY_SIGN_IN_HOURS.",
    retryable: true,
  },
  CREDENTIALS_EXPIRED: {
    httpStatus: 401,
    actor: "person",
    title: "Your AWS sign-in ended",
    cause: "The AWS credentials of this login have expired.",
    remedy: "Sign in again. Open sessions go on.",
    awsErrors: ["ExpiredToken", "ExpiredTokenException", "RequestExpired"],
    retryable: false,
  },
  CLOCK_SKEWED: {
    httpStatus: 502,
    actor: "server-operator",
    title: "The server's clock is wrong",
    cause: "AWS refuses signatures whose time differs by more than five minutes from its own.",
    remedy: "Set the clock of the machine that runs Causeway (enable NTP), then try again.",
    awsErrors: ["RequestTimeTooSkewed", "InvalidSignatureException"],
    retryable: false,
  },
  // --- AWS
  AWS_ACCESS_DENIED: {
    httpStatus: 403,
    actor: "aws-account-admin",
    title: "AWS did not allow this",
    cause: "No policy of this identity allows the action on this resource, or one denies it.",
    remedy: "Use another role, or ask an admin of the account to allow the action named in the details.",
    awsErrors: ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"],
    retryable: false,
  },
  AWS_THROTTLED: {
    httpStatus: 429,
    actor: "causeway",
    title: "AWS asked us to slow down",
    cause: "This account and region made more calls than AWS allows at the moment.",
    remedy: "Wait a few seconds; it is tried again.",
    awsErrors: ["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"],
    retryable: true,
  },
  AWS_SERVICE_ABSENT: {
    httpStatus: 502,
    actor: "server-operator",
    title: "The AWS endpoint does not have this service",
    cause: "The endpoint in AWS_ENDPOINT_URL does not know the service or the operation.",
    remedy: "Use an endpoint that has it, or go on without what depends on it.",
    awsErrors: ["UnknownOperationException", "UnknownOperation", "InvalidAction", "UnknownService"],
    retryable: false,
  },
  AWS_UNREACHABLE: {
    httpStatus: 502,
    actor: "server-operator",
    title: "AWS could not be reached",
    cause:
      "The connection failed: no route, a proxy that refuses, a certificate that is not trusted, or a wrong endpoint.",
    remedy: "Check the network, HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS and AWS_ENDPOINT_URL of the server.",
    retryable: true,
  },
  AWS_FAILED: {
    httpStatus: 502,
    actor: "causeway",
    title: "AWS had a problem",
    cause: "AWS answered with an error that says nothing about the cause.",
    remedy: "Try again. If it stays, the AWS code and request id in the details help AWS support.",
    awsErrors: ["InternalServerError", "InternalFailure", "ServiceUnavailable"],
    retryable: true,
  },
  AWS_HOST_NOT_ALLOWED: {
    httpStatus: 502,
    actor: "server-operator",
    title: "This server may not talk to that AWS host",
    cause: "The configuration limits the AWS hosts (CAUSEWAY_AWS_HOSTS), and the address is not among them.",
    remedy: "Add the host to CAUSEWAY_AWS_HOSTS, or remove the setting.",
    retryable: false,
  },
  REGION_NOT_ALLOWED: {
    httpStatus: 400,
    actor: "server-operator",
    title: "This region is not offered here",
    cause: "The server is configured for other regions.",
    remedy: "Pick a region of the list, or add this one to CAUSEWAY_REGIONS.",
    retryable: false,
  },
  // --- starting a session
  INSTANCE_NOT_CONNECTED: {
    httpStatus: 409,
    actor: "aws-account-admin",
    title: "The instance is not connected to Systems Manager",
    cause:
      "It is stopped, SSM Agent is not running, it has no instance profile, it cannot reach the ssmmessages endpoint, or the region is wrong.",
    remedy:
      "Check in this order: the instance runs; SSM Agent runs; its role allows ssmmessages; it can reach the endpoint. Restart the agent after attaching a role.",
    awsErrors: ["TargetNotConnected"],
    retryable: false,
  },
  INSTANCE_STOPPED: {
    httpStatus: 409,
    actor: "person",
    title: "The instance is stopped",
    cause: "EC2 reports that it does not run.",
    remedy: "Start it, or pick another instance.",
    retryable: false,
  },
  INSTANCE_UNKNOWN: {
    httpStatus: 404,
    actor: "person",
    title: "There is no such instance here",
    cause: "AWS knows no instance with this id in this account and region.",
    remedy: "Check the region and the account, and refresh the list.",
    awsErrors: ["InvalidTarget", "InvalidInstanceId", "InvalidInstanceID.NotFound"],
    retryable: false,
  },
  INSTANCE_NOT_LISTED: {
    httpStatus: 404,
    actor: "person",
    title: "This identity sees no such instance here",
    cause: "Neither EC2 nor Systems Manager knows the id in this account and region: it is gone, or lives elsewhere.",
    remedy: "Check the account and the region, or pick another instance.",
    retryable: false,
  },
  INVENTORY_LIMIT_REACHED: {
    httpStatus: 503,
    actor: "server-operator",
    title: "The server holds as many instance lists as it may",
    cause: "Too many lists are looked at at the same time: each account and region is one.",
    remedy: "Choose fewer regions, or try again when others have closed their pages.",
    retryable: true,
  },
  EVENTS_LIMIT_REACHED: {
    httpStatus: 429,
    actor: "person",
    title: "Too many pages are open",
    cause: "This login has as many pages open as the server keeps up to date.",
    remedy: "Close pages of the console that you no longer need.",
    retryable: true,
  },
  EVENTS_TICKET_INVALID: {
    httpStatus: 401,
    actor: "causeway",
    title: "The page's ticket is not valid",
    cause: "It was used before, is older than 30 seconds, or was given to another login.",
    remedy: "Nothing: the page asks for a new one by itself.",
    retryable: true,
  },
  EVENTS_PROTOCOL_ERROR: {
    httpStatus: 400,
    actor: "causeway",
    title: "The page and the server did not understand each other",
    cause: "A message on the page's event connection was not one the server knows.",
    remedy: "Reload the page.",
    retryable: false,
  },
  PREFERENCES_CONFLICT: {
    httpStatus: 409,
    actor: "causeway",
    title: "Your preferences changed somewhere else",
    cause: "Another page of yours stored a newer version in the meantime.",
    remedy: "Nothing: the page reads the newer version and makes its change again.",
    retryable: true,
  },
  SESSION_DOCUMENT_MISSING: {
    httpStatus: 409,
    actor: "aws-account-admin",
    title: "The session document is missing",
    cause: "The configured session document does not exist in this region, or is not a session document.",
    remedy: "Set CAUSEWAY_SESSION_DOCUMENT to a document that exists in this region, or leave it at its default.",
    awsErrors: ["InvalidDocument"],
    retryable: false,
  },
  STREAM_URL_REFUSED: {
    httpStatus: 502,
    actor: "server-operator",
    title: "AWS named a data channel address that is not safe",
    cause: "The stream address is not wss://, and is not on this machine.",
    remedy: "Use an endpoint that gives wss:// addresses.",
    retryable: false,
  },
  CHANNEL_OPEN_FAILED: {
    httpStatus: 502,
    actor: "server-operator",
    title: "The data channel could not be opened",
    cause: "AWS started the session, but the websocket to ssmmessages was refused or did not answer.",
    remedy:
      "Allow outbound 443 to ssmmessages for the server. A refusal with 403 means the policy lacks ssmmessages:OpenDataChannel.",
    retryable: true,
  },
  ENCRYPTION_KEY_REFUSED: {
    httpStatus: 403,
    actor: "aws-account-admin",
    title: "The encryption key cannot be used",
    cause: "The account's preferences demand an encrypted session, and KMS did not give this identity a data key.",
    remedy: "Allow kms:GenerateDataKey on the key for this identity.",
    retryable: false,
  },
  HANDSHAKE_FAILED: {
    httpStatus: 502,
    actor: "causeway",
    title: "The agent and Causeway did not agree on how to talk",
    cause: "The agent asked for something this version does not support, or did not answer within 30 seconds.",
    remedy: "Update SSM Agent on the instance. If it stays, report it with the session id.",
    retryable: true,
  },
  PROTOCOL_VIOLATION: {
    httpStatus: 502,
    actor: "causeway",
    title: "The instance sent something that cannot be understood",
    cause: "A message of the data channel breaks the protocol.",
    remedy: "Start again. If it stays, report it with the session id.",
    retryable: true,
  },
  SESSION_LIMIT_REACHED: {
    httpStatus: 409,
    actor: "person",
    title: "You have too many open sessions",
    cause: "The number of sessions per person is limited on this server.",
    remedy: "Close a session you no longer need.",
    retryable: false,
  },
  // --- using a session
  SESSION_NOT_FOUND: {
    httpStatus: 404,
    actor: "person",
    title: "There is no such session",
    cause: "It never existed, is not yours, or ended long ago.",
    remedy: "Open the instance again.",
    retryable: false,
  },
  SESSION_ENDED: {
    httpStatus: 409,
    actor: "person",
    title: "The session has ended",
    cause: "The shell exited, or AWS or a person ended the session.",
    remedy: "Start again on the same instance.",
    awsErrors: ["DoesNotExistException"],
    retryable: false,
  },
  RESUME_REFUSED: {
    httpStatus: 403,
    actor: "aws-account-admin",
    title: "AWS does not allow this session to be resumed",
    cause:
      "The connection to AWS broke, and no policy of this identity allows ssm:ResumeSession on the session. The shell still runs.",
    remedy:
      "Sign in with a role that may resume it, or ask an admin of the account to allow ssm:ResumeSession. It is tried again every minute.",
    retryable: true,
  },
  INSTANCE_SILENT: {
    httpStatus: 504,
    actor: "person",
    title: "The instance does not answer",
    cause:
      "It has not acknowledged what was sent to it for 15 seconds: its network, its agent or the machine is stuck.",
    remedy: "Wait: what you typed is kept and sent until it answers. If it does not, look at the instance in AWS.",
    retryable: true,
  },
  ATTACH_TICKET_INVALID: {
    httpStatus: 403,
    actor: "causeway",
    title: "The ticket for this terminal is not valid",
    cause: "It was used before, is older than 30 seconds, or belongs to another session or login.",
    remedy: "The page asks for a new one by itself. Reload if it does not.",
    retryable: true,
  },
  ATTACH_TIMEOUT: {
    httpStatus: 408,
    actor: "causeway",
    title: "The terminal did not introduce itself in time",
    cause: "The websocket was opened, but no ticket and no attach message followed.",
    remedy: "The page tries again by itself.",
    retryable: true,
  },
  ATTACH_PROTOCOL_ERROR: {
    httpStatus: 400,
    actor: "causeway",
    title: "The terminal sent something the server does not understand",
    cause: "A message on the attach websocket breaks the contract.",
    remedy: "Reload the page.",
    retryable: false,
  },
  READERS_LIMIT_REACHED: {
    httpStatus: 409,
    actor: "person",
    title: "Too many windows show this session",
    cause: "The number of readers per session is limited.",
    remedy: "Close a window that shows it.",
    retryable: false,
  },
  INPUT_GAP: {
    httpStatus: 409,
    actor: "causeway",
    title: "Some typed keys are missing",
    cause: "The browser sent keys that do not follow the last ones the server stored.",
    remedy: "The page reconnects and sends what is missing.",
    retryable: true,
  },
  INPUT_FULL: {
    httpStatus: 429,
    actor: "person",
    title: "The instance does not take more input",
    cause: "It has not acknowledged what was typed before.",
    remedy: "Wait until it answers again; nothing typed so far is lost.",
    retryable: true,
  },
  OUTPUT_NOT_KEPT: {
    httpStatus: 410,
    actor: "person",
    title: "Earlier output was not kept",
    cause: "The session printed more than the server keeps since this window last read.",
    remedy: "The terminal goes on at the oldest output that is kept.",
    retryable: false,
  },
  STORAGE_FULL: {
    httpStatus: 507,
    actor: "server-operator",
    title: "The server has no room for another session",
    cause: "The logs of the open sessions use all the disk they may, or the disk is nearly full or takes nothing.",
    remedy: "End sessions that are not needed, or give the data directory more room. Open shells go on.",
    retryable: true,
  },
  LOG_NOT_DURABLE: {
    httpStatus: 507,
    actor: "server-operator",
    title: "What happens now would not survive a restart of the server",
    cause: "The disk of the data directory takes nothing more: output is kept in memory only, and input is not sent.",
    remedy:
      "Ask the operator to give the data directory room, or confirm in the pane to type without a net. It is stored again as soon as the disk takes it.",
    retryable: true,
  },
  SESSION_NOT_RECOVERED: {
    httpStatus: 410,
    actor: "server-operator",
    title: "The session was not found again after a restart",
    cause: "Its files in the data directory are missing or damaged, so nobody can go on with its data channel.",
    remedy:
      "Open a new shell. The old one is among the sessions that nobody holds until AWS ends it at its idle limit.",
    retryable: false,
  },
  SERVER_STOPPING: {
    httpStatus: 503,
    actor: "server-operator",
    title: "The server is restarting",
    cause: "An operator stops or updates the server. The shells go on meanwhile, and nothing of them is lost.",
    remedy: "Wait: the page connects again by itself when the server is back.",
    retryable: true,
  },
  INTERNAL_ERROR: {
    httpStatus: 500,
    actor: "causeway",
    title: "Causeway made a mistake",
    cause: "The server met a condition it does not handle. The request id finds it in the server's log.",
    remedy: "Try again, and report it with the request id.",
    retryable: true,
  },
} as const satisfies Record<string, ErrorCatalogEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOG;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CATALOG, value);
}
