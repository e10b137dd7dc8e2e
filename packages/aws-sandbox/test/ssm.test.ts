// SSM as the SDK's own client sees it, given nothing but endpoint URL, region and keys. Channels are faked: test/ has no shell.
import {
  DescribeInstanceInformationCommand,
  DescribeSessionsCommand,
  GetConnectionStatusCommand,
  GetDocumentCommand,
  ListCommandsCommand,
  paginateDescribeInstanceInformation,
  paginateDescribeSessions,
  ResumeSessionCommand,
  StartSessionCommand,
  TerminateSessionCommand,
} from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccessKey } from "../src/iam/credential-store.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { DEFAULT_ACCOUNT, type FleetInstance } from "../src/instances/fleet.ts";
import { type ApiServer, jsonCall, sendSigned, ssmClient, startApiServer } from "./api-server.ts";

let server: ApiServer;
beforeEach(async () => {
  server = await startApiServer();
  for (const { id } of DEFAULT_FLEET) server.gateway.connected.add(id);
});
afterEach(async () => {
  expect(server.bugs).toEqual([]);
  await server.close();
});

const APP = "i-0a1f6c83e5d2b7940";
const BASTION = "i-06e0c95d8f1a4b273";
const STAGING = "i-04c7a0e6d35b98f12";
const SHELL = "SSM-SessionManagerRunShell";
const instance = (id: string) => DEFAULT_FLEET.find((candidate) => candidate.id === id) as FleetInstance;
const owner = (name: string) => ({
  arn: `arn:aws:iam::${DEFAULT_ACCOUNT}:user/${name}`,
  userId: `AIDA${name}`,
  account: DEFAULT_ACCOUNT,
  sessionName: name,
});
const addSession = (sessionId: string, more: Parameters<typeof server.gateway.add>[1] = {}) =>
  server.gateway.add(
    {
      sessionId,
      region: "eu-west-1",
      target: APP,
      owner: owner(sessionId.split("-")[0] as string),
      documentName: SHELL,
    },
    more,
  );

test("StartSession gives an id that begins with the caller's name, a token, and a stream URL at the address that was called", async () => {
  const answer = await ssmClient(server).send(
    new StartSessionCommand({ Target: APP, DocumentName: SHELL, Reason: "INC-4711" }),
  );
  expect(answer.SessionId).toMatch(/^dana-[0-9a-f]{17}$/);
  expect(answer.TokenValue).toBe(`token of ${answer.SessionId}`);
  expect(answer.StreamUrl).toBe(
    `ws://127.0.0.1:${server.port}/v1/data-channel/${answer.SessionId}?role=publish_subscribe`,
  );
  expect(server.gateway.started).toMatchObject([
    {
      sessionId: answer.SessionId,
      region: "eu-west-1",
      target: APP,
      owner: { arn: "arn:aws:iam::111122223333:user/dana", account: "111122223333", sessionName: "dana" },
      documentName: SHELL,
      document: { schemaVersion: "1.0", sessionType: "Standard_Stream" },
      parameters: {},
      reason: "INC-4711",
    },
  ]);
});

test("the region without preferences has no shell document by name, and a default one without", async () => {
  const virginia = ssmClient(server, server.dana, "us-east-1");
  await expect(virginia.send(new StartSessionCommand({ Target: STAGING, DocumentName: SHELL }))).rejects.toMatchObject({
    name: "InvalidDocument",
  });
  await virginia.send(new StartSessionCommand({ Target: STAGING }));
  expect(server.gateway.started).toMatchObject([{ document: { inputs: { idleSessionTimeout: "20" } } }]);
});

test("a target that is not connected, not there, or in another region is the same refusal", async () => {
  server.gateway.connected.delete(APP);
  for (const Target of [APP, "i-0123456789abcdef0", STAGING])
    await expect(ssmClient(server).send(new StartSessionCommand({ Target }))).rejects.toMatchObject({
      name: "TargetNotConnected",
      message: `${Target} is not connected.`,
      $metadata: { httpStatusCode: 400 },
    });
});

test("a tag condition decides which machines a person may open, and the denial names action and ARN", async () => {
  const kofi = ssmClient(server, server.kofi);
  await kofi.send(new StartSessionCommand({ Target: APP, DocumentName: SHELL }));
  await expect(kofi.send(new StartSessionCommand({ Target: BASTION }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:iam::111122223333:user/kofi is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:eu-west-1:111122223333:instance/${BASTION} because no identity-based policy allows the ssm:StartSession action`,
    $metadata: { httpStatusCode: 400 },
  });
});

test("a document that the policy does not name is denied by its own ARN, before anybody says whether it exists", async () => {
  for (const DocumentName of ["AWS-StartInteractiveCommand", "AWS-DoesNotExist"])
    await expect(
      ssmClient(server, server.kofi).send(new StartSessionCommand({ Target: APP, DocumentName })),
    ).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`on resource: arn:aws:ssm:eu-west-1::document/${DocumentName} `),
    });
});

test("an explicit deny is said as one", async () => {
  const key = server.user("lee", [
    {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "ssm:StartSession", Resource: "*" },
      ],
    },
  ]);
  await expect(ssmClient(server, key).send(new StartSessionCommand({ Target: APP }))).rejects.toMatchObject({
    message: expect.stringMatching(/ with an explicit deny in an identity-based policy$/),
  });
});

test("a hybrid machine is opened by its managed-instance ARN", async () => {
  await ssmClient(server).send(new StartSessionCommand({ Target: "mi-0482fd9a1c5e7b036" }));
  await expect(
    ssmClient(server, server.kofi).send(new StartSessionCommand({ Target: "mi-0482fd9a1c5e7b036" })),
  ).rejects.toMatchObject({ message: expect.stringContaining(":managed-instance/mi-0482fd9a1c5e7b036") });
});

test("parameters must be declared by the document, fit their pattern, and be there when there is no default", async () => {
  const start = (DocumentName: string, Parameters?: Record<string, string[]>) =>
    ssmClient(server).send(
      new StartSessionCommand({ Target: APP, DocumentName, ...(Parameters ? { Parameters } : {}) }),
    );
  await start("AWS-StartInteractiveCommand", { command: ["bash -l"] });
  await start("AWS-StartPortForwardingSession", { portNumber: ["5432"] });
  for (const [name, parameters] of [
    [SHELL, { command: ["x"] }],
    ["AWS-StartInteractiveCommand", {}],
    ["AWS-StartInteractiveCommand", { command: ["a", "b"] }],
    ["AWS-StartPortForwardingSession", { portNumber: ["65536"] }],
    ["AWS-StartPortForwardingSession", { toString: ["1"] }],
  ] as const)
    await expect(start(name, parameters as unknown as Record<string, string[]>)).rejects.toMatchObject({
      name: "InvalidParameters",
    });
});

test("beyond the number of sessions that the gateway holds, StartSession is throttled", async () => {
  server.gateway.full = true;
  await expect(ssmClient(server).send(new StartSessionCommand({ Target: APP }))).rejects.toMatchObject({
    name: "ThrottlingException",
  });
});

test("what is too long or missing is a validation error in AWS's words", async () => {
  await expect(ssmClient(server).send(new StartSessionCommand({ Target: "x".repeat(401) }))).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringMatching(
      /^1 validation error detected: Value 'x{400,401}' at 'target' failed to satisfy constraint: Member must have length less than or equal to 400$/,
    ),
  });
  await expect(ssmClient(server).send(new StartSessionCommand({ Target: undefined } as never))).rejects.toMatchObject({
    message: expect.stringContaining("at 'target' failed to satisfy constraint: Member must not be null"),
  });
});

test("ResumeSession gives a new token while the session lives", async () => {
  addSession("dana-0123456789abcdef0");
  expect(await ssmClient(server).send(new ResumeSessionCommand({ SessionId: "dana-0123456789abcdef0" }))).toMatchObject(
    {
      SessionId: "dana-0123456789abcdef0",
      TokenValue: "token of dana-0123456789abcdef0",
      StreamUrl: expect.stringContaining("/v1/data-channel/dana-0123456789abcdef0"),
    },
  );
});

test("ResumeSession of a session that ended answers without a token; of one that is forgotten, DoesNotExist", async () => {
  addSession("dana-0123456789abcdef0", { status: "Terminated" });
  const answer = await ssmClient(server).send(new ResumeSessionCommand({ SessionId: "dana-0123456789abcdef0" }));
  expect(answer.SessionId).toBe("dana-0123456789abcdef0");
  expect(answer.TokenValue).toBeUndefined();
  await expect(
    ssmClient(server).send(new ResumeSessionCommand({ SessionId: "dana-fffffffffffffffff" })),
  ).rejects.toMatchObject({ name: "DoesNotExistException" });
});

test("a session is resumed and ended by its owner only, though others see it listed", async () => {
  addSession("kofi-0123456789abcdef0");
  const SessionId = "kofi-0123456789abcdef0";
  for (const command of [new ResumeSessionCommand({ SessionId }), new TerminateSessionCommand({ SessionId })])
    await expect(ssmClient(server).send(command as ResumeSessionCommand)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`session/${SessionId} because`),
    });
  const listed = await ssmClient(server).send(new DescribeSessionsCommand({ State: "Active" }));
  expect(listed.Sessions?.map((session) => session.SessionId)).toEqual([SessionId]);
});

test("the session-owner tag of AWS works as a condition, too", async () => {
  addSession("dana-0123456789abcdef0");
  const policy = (userId: string) => [
    {
      Version: "2012-10-17" as const,
      Statement: [
        {
          Effect: "Allow" as const,
          Action: "ssm:TerminateSession",
          Resource: "*",
          Condition: { StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": userId } },
        },
      ],
    },
  ];
  const command = new TerminateSessionCommand({ SessionId: "dana-0123456789abcdef0" });
  await expect(ssmClient(server, server.user("a", policy("AIDAsomebody"))).send(command)).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await ssmClient(server, server.user("b", policy("AIDAdana"))).send(command);
  expect(server.gateway.getSession("dana-0123456789abcdef0")?.status).toBe("Terminated");
});

test("a session of another region is not there", async () => {
  addSession("dana-0123456789abcdef0", { region: "us-east-1" });
  await expect(
    ssmClient(server).send(new ResumeSessionCommand({ SessionId: "dana-0123456789abcdef0" })),
  ).rejects.toMatchObject({ name: "DoesNotExistException" });
  await ssmClient(server).send(new TerminateSessionCommand({ SessionId: "dana-0123456789abcdef0" }));
  expect(server.gateway.getSession("dana-0123456789abcdef0")?.status).toBe("Connected");
});

test("ending a session twice, or one that never was, is no error", async () => {
  addSession("dana-0123456789abcdef0");
  for (const SessionId of ["dana-0123456789abcdef0", "dana-0123456789abcdef0", "dana-fffffffffffffffff"])
    expect(await ssmClient(server).send(new TerminateSessionCommand({ SessionId }))).toMatchObject({ SessionId });
});

test("DescribeSessions tells what runs from what ended, newest first, with dates", async () => {
  addSession("dana-00000000000000001", { startDate: 1_000_500 });
  addSession("dana-00000000000000002", { startDate: 3_000_000, status: "Disconnected" });
  addSession("dana-00000000000000003", { startDate: 2_000_000, status: "Terminated", endDate: 2_500_000 });
  addSession("dana-00000000000000004", { region: "us-east-1" });
  const list = async (State: "Active" | "History") =>
    (await ssmClient(server).send(new DescribeSessionsCommand({ State }))).Sessions ?? [];
  expect((await list("Active")).map(({ SessionId }) => SessionId)).toEqual([
    "dana-00000000000000002",
    "dana-00000000000000001",
  ]);
  expect(await list("History")).toMatchObject([
    {
      SessionId: "dana-00000000000000003",
      Target: APP,
      Status: "Terminated",
      StartDate: new Date(2_000_000),
      EndDate: new Date(2_500_000),
      DocumentName: SHELL,
      Owner: "arn:aws:iam::111122223333:user/dana",
      AccessType: "Standard",
    },
  ]);
});

test("every filter of DescribeSessions works, and all must fit", async () => {
  addSession("dana-00000000000000001", { startDate: Date.UTC(2026, 0, 1), status: "Connecting" });
  addSession("kofi-00000000000000002", { startDate: Date.UTC(2026, 0, 3), target: BASTION });
  const find = async (...pairs: [string, string][]) => {
    const Filters = pairs.map(([key, value]) => ({ key, value })) as never;
    const found = await ssmClient(server).send(new DescribeSessionsCommand({ State: "Active", Filters }));
    return found.Sessions?.map(({ SessionId }) => SessionId?.slice(0, 4));
  };
  expect(await find(["InvokedAfter", "2026-01-02T00:00:00Z"])).toEqual(["kofi"]);
  expect(await find(["InvokedBefore", "2026-01-02T00:00:00Z"])).toEqual(["dana"]);
  expect(await find(["Target", BASTION])).toEqual(["kofi"]);
  expect(await find(["Owner", "arn:aws:iam::111122223333:user/dana"])).toEqual(["dana"]);
  expect(await find(["Status", "Connecting"])).toEqual(["dana"]);
  expect(await find(["SessionId", "kofi-00000000000000002"])).toEqual(["kofi"]);
  expect(await find(["AccessType", "JustInTime"])).toEqual([]);
  expect(await find(["Status", "Connecting"], ["Target", BASTION])).toEqual([]);
  await expect(find(["Status", "Asleep"])).rejects.toMatchObject({ name: "InvalidFilterValue" });
  await expect(find(["InvokedAfter", "yesterday"])).rejects.toMatchObject({ name: "InvalidFilterValue" });
  await expect(find(["Colour", "x"])).rejects.toMatchObject({ name: "ValidationException" });
  await expect(find(...Array.from({ length: 7 }, (): [string, string] => ["Target", "x"]))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("sessions page through in any size up to 200, and a made-up token is refused", async () => {
  for (let i = 0; i < 23; i++) addSession(`dana-${String(i).padStart(17, "0")}`);
  const seen: (string | undefined)[] = [];
  for await (const page of paginateDescribeSessions({ client: ssmClient(server), pageSize: 10 }, { State: "Active" }))
    seen.push(...(page.Sessions ?? []).map(({ SessionId }) => SessionId));
  expect(new Set(seen).size).toBe(23);
  const list = (more: object) => ssmClient(server).send(new DescribeSessionsCommand({ State: "Active", ...more }));
  await expect(list({ MaxResults: 201 })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(list({ MaxResults: 0 })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(list({ NextToken: "made up" })).rejects.toMatchObject({ name: "InvalidNextToken" });
});

test("GetConnectionStatus asks the control channel, not the listing", async () => {
  server.gateway.connected.delete(BASTION);
  const status = async (Target: string) =>
    (await ssmClient(server).send(new GetConnectionStatusCommand({ Target }))).Status;
  expect(await status(APP)).toBe("connected");
  expect(await status(BASTION)).toBe("notconnected");
  expect(await status("i-0123456789abcdef0")).toBe("notconnected");
});

test("GetDocument gives the preferences where they were saved, as JSON", async () => {
  const document = await ssmClient(server).send(new GetDocumentCommand({ Name: SHELL, DocumentVersion: "$LATEST" }));
  expect(document).toMatchObject({ Name: SHELL, DocumentType: "Session", DocumentFormat: "JSON", Status: "Active" });
  expect(JSON.parse(document.Content ?? "")).toMatchObject({
    schemaVersion: "1.0",
    sessionType: "Standard_Stream",
    inputs: { idleSessionTimeout: "20", maxSessionDuration: "", kmsKeyId: "", runAsEnabled: false },
  });
});

test("a document that is not in the region is an invalid one, and so is a version that it does not have", async () => {
  await expect(
    ssmClient(server, server.dana, "us-east-1").send(new GetDocumentCommand({ Name: SHELL })),
  ).rejects.toMatchObject({ name: "InvalidDocument", message: `Document with name ${SHELL} does not exist.` });
  await expect(
    ssmClient(server).send(new GetDocumentCommand({ Name: SHELL, DocumentVersion: "7" })),
  ).rejects.toMatchObject({ name: "InvalidDocumentVersion" });
});

test("GetDocument is denied by the document's ARN", async () => {
  await expect(
    ssmClient(server, server.kofi).send(new GetDocumentCommand({ Name: "AWS-StartSSHSession" })),
  ).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("arn:aws:ssm:eu-west-1::document/AWS-StartSSHSession"),
  });
});

test("DescribeInstanceInformation lists managed machines only, hybrid ones among them, 10 to a page", async () => {
  const first = await ssmClient(server).send(new DescribeInstanceInformationCommand({}));
  expect(first.InstanceInformationList).toHaveLength(10);
  const seen = [];
  for await (const page of paginateDescribeInstanceInformation({ client: ssmClient(server), pageSize: 5 }, {}))
    seen.push(...(page.InstanceInformationList ?? []));
  const managed = DEFAULT_FLEET.filter(
    ({ region, account, managed }) => region === "eu-west-1" && account === DEFAULT_ACCOUNT && managed,
  );
  expect(seen.map(({ InstanceId }) => String(InstanceId)).sort()).toEqual(managed.map(({ id }) => id).sort());
  expect(seen.find(({ InstanceId }) => InstanceId?.startsWith("mi-0482"))).toMatchObject({
    ResourceType: "ManagedInstance",
    Name: "store-042-gateway",
    ComputerName: "store-042-gateway",
    ActivationId: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
    RegistrationDate: expect.any(Date),
    PlatformType: "Linux",
    PlatformName: "Ubuntu",
  });
});

test("a page of nodes holds 5 to 50, and a made-up token is refused", async () => {
  const list = (more: object) => ssmClient(server).send(new DescribeInstanceInformationCommand(more));
  for (const MaxResults of [4, 51])
    await expect(list({ MaxResults })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(list({ NextToken: "made up" })).rejects.toMatchObject({ name: "InvalidNextToken" });
});

test("nodes are filtered by both generations of filters, but not by both at once", async () => {
  const list = async (more: object) =>
    (
      await ssmClient(server).send(new DescribeInstanceInformationCommand({ MaxResults: 50, ...more }))
    ).InstanceInformationList?.map(({ ComputerName }) => ComputerName);
  expect(await list({ Filters: [{ Key: "InstanceIds", Values: [APP, "i-0123456789abcdef0"] }] })).toEqual([
    "checkout-api-04",
  ]);
  expect(
    await list({ InstanceInformationFilterList: [{ key: "ResourceType", valueSet: ["ManagedInstance"] }] }),
  ).toHaveLength(2);
  expect(await list({ Filters: [{ Key: "tag:tier", Values: ["bastion"] }] })).toEqual(["orders-db-bastion"]);
  // only those whose agents are not needed yet: nothing reports here
  expect((await list({ Filters: [{ Key: "PingStatus", Values: ["Online"] }] }))?.sort()).toEqual([
    "web-front-01",
    "web-front-02",
  ]);
  await expect(list({ Filters: [{ Key: "Colour", Values: ["x"] }] })).rejects.toMatchObject({
    name: "InvalidFilterKey",
  });
  await expect(list({ Filters: [{ Key: "InstanceIds", Values: ["x"] }] })).rejects.toMatchObject({
    name: "InvalidInstanceId",
  });
  await expect(
    list({
      Filters: [
        { Key: "tag:tier", Values: ["app"] },
        { Key: "PingStatus", Values: ["Online"] },
      ],
    }),
  ).rejects.toMatchObject({ name: "InvalidInstanceInformationFilterValue" });
  await expect(
    list({
      Filters: [{ Key: "InstanceIds", Values: [APP] }],
      InstanceInformationFilterList: [{ key: "InstanceIds", valueSet: [APP] }],
    }),
  ).rejects.toMatchObject({ name: "ValidationException" });
});

// The SDK has no commands for what only agents call.
const report = (key: AccessKey, body: object) =>
  sendSigned(server, jsonCall("UpdateInstanceInformation", { AgentStatus: "Active", ...body }), { key });

test("an agent's report makes its machine online, with the version it reports", async () => {
  const reply = await report(server.node(instance(APP)), {
    InstanceId: APP,
    AgentVersion: "3.3.4000.0",
    ComputerName: "checkout-api-04.internal",
  });
  expect(reply).toMatchObject({ status: 200, body: "{}" });
  const { InstanceInformationList = [] } = await ssmClient(server).send(
    new DescribeInstanceInformationCommand({
      Filters: [
        { Key: "PingStatus", Values: ["Online"] },
        { Key: "InstanceIds", Values: [APP, BASTION] },
      ],
    }),
  );
  expect(InstanceInformationList).toMatchObject([
    {
      InstanceId: APP,
      PingStatus: "Online",
      AgentVersion: "3.3.4000.0",
      ComputerName: "checkout-api-04.internal",
      LastPingDateTime: expect.any(Date),
    },
  ]);
});

test("a machine reports for itself only, a person for none", async () => {
  for (const key of [server.node(instance(BASTION)), server.dana]) {
    const reply = await report(key, { InstanceId: APP });
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({
      __type: "AccessDeniedException",
      Message: expect.stringContaining("ssm:UpdateInstanceInformation"),
    });
  }
});

test("a report that is too long or no version is a validation error", async () => {
  const reply = await report(server.node(instance(APP)), {
    InstanceId: APP,
    AgentVersion: "latest",
    ComputerName: "x".repeat(257),
  });
  expect(JSON.parse(reply.body)).toMatchObject({
    __type: "ValidationException",
    message: expect.stringMatching(/^2 validation errors detected/),
  });
});

test("a machine's key opens nothing and lists nothing, but its own associations", async () => {
  const key = server.node(instance(APP));
  const node = ssmClient(server, key);
  await expect(node.send(new StartSessionCommand({ Target: BASTION }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(`assumed-role/SandboxNodeRole/${APP} is not authorized`),
  });
  await expect(node.send(new DescribeInstanceInformationCommand({}))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const reply = await sendSigned(server, jsonCall("ListInstanceAssociations", { InstanceId: APP }), { key });
  expect(JSON.parse(reply.body)).toEqual({ Associations: [] });
});

test("who has no policy is denied every list", async () => {
  const nobody = ssmClient(server, server.user("nobody", []));
  for (const command of [
    new DescribeSessionsCommand({ State: "Active" }),
    new DescribeInstanceInformationCommand({}),
    new GetConnectionStatusCommand({ Target: APP }),
  ])
    await expect(nobody.send(command as GetConnectionStatusCommand)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
});

test("an SSM call that is not emulated is an unknown operation", async () => {
  await expect(ssmClient(server).send(new ListCommandsCommand({}))).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});
