// Tags of hybrid machines, as the SDK's own client asks for them.
import { ListTagsForResourceCommand } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiServer, ssmClient, startApiServer } from "./api-server.ts";

let server: ApiServer;
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(async () => {
  expect(server.bugs).toEqual([]);
  await server.close();
});

const GATEWAY = "mi-0482fd9a1c5e7b036";
const tagsOf = (ResourceId: string, key = server.dana) =>
  ssmClient(server, key).send(new ListTagsForResourceCommand({ ResourceType: "ManagedInstance", ResourceId }));

test("a hybrid machine's tags are told to who may list them", async () => {
  expect((await tagsOf(GATEWAY)).TagList).toEqual(
    expect.arrayContaining([
      { Key: "Name", Value: "store-042-gateway" },
      { Key: "env", Value: "prod" },
    ]),
  );
});

test("an EC2 machine, an unknown one and one of another region are no resource of that type here", async () => {
  for (const id of ["i-0a1f6c83e5d2b7940", "mi-0123456789abcdef0"])
    await expect(tagsOf(id)).rejects.toMatchObject({ name: "InvalidResourceId" });
  const virginia = ssmClient(server, server.dana, "us-east-1");
  await expect(
    virginia.send(new ListTagsForResourceCommand({ ResourceType: "ManagedInstance", ResourceId: GATEWAY })),
  ).rejects.toMatchObject({ name: "InvalidResourceId" });
});

test("who may see machines and not their tags is denied by the action and the node's ARN", async () => {
  const see = { Effect: "Allow" as const, Action: "ssm:Describe*", Resource: "*" };
  const lee = server.user("lee", [{ Version: "2012-10-17", Statement: [see] }]);
  await expect(tagsOf(GATEWAY, lee)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      `perform: ssm:ListTagsForResource on resource: arn:aws:ssm:eu-west-1:111122223333:managed-instance/${GATEWAY} `,
    ),
  });
});

test("a policy may be bound to the tags that are asked for", async () => {
  const prod = { "aws:ResourceTag/env": "prod" };
  const list = { Effect: "Allow" as const, Action: "ssm:ListTagsForResource", Resource: "*" };
  const onProd = { ...list, Condition: { StringEquals: prod } };
  await tagsOf(GATEWAY, server.user("kim", [{ Version: "2012-10-17", Statement: [onProd] }]));
  const elsewhere = { ...list, Condition: { StringNotEquals: prod } };
  const max = server.user("max", [{ Version: "2012-10-17", Statement: [elsewhere] }]);
  await expect(tagsOf(GATEWAY, max)).rejects.toMatchObject({ name: "AccessDeniedException" });
});
