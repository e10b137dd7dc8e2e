import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsEndpoint, awsError, ec2Error, testIdentity } from "../aws/testing/aws-endpoint.ts";
import { AwsInstanceDirectory, SSM_PAGE_SIZE } from "./aws-instance-directory.ts";

let aws: AwsEndpoint;
let directory: AwsInstanceDirectory;
beforeEach(async () => {
  aws = await AwsEndpoint.start();
  directory = new AwsInstanceDirectory(aws.factory);
  aws.operations.DescribeInstances = () => ({ body: machines(["i-00000001", "web-1", "running"]) });
  aws.operations.DescribeInstanceInformation = () => ({
    body: { InstanceInformationList: [{ InstanceId: "i-00000001", PingStatus: "Online", LastPingDateTime: 1.5e9 }] },
  });
});
afterEach(() => aws.close());

function machines(...rows: [string, string, string][]): string {
  const items = rows.map(
    ([id, name, state]) =>
      `<item><instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState>` +
      `<tagSet><item><key>Name</key><value>${name}</value></item></tagSet></item>`,
  );
  return `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item>
<instancesSet>${items.join("")}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
}

const pages = () => directory.pages(testIdentity(), "eu-west-1");
let paced: string[];
const facts = (id = "i-00000001") => {
  paced = [];
  return directory.facts(testIdentity(), "eu-west-1", id, (service, call) => {
    paced.push(service);
    return call();
  });
};

test("a page of each service, asked with the person's keys, in our words", async () => {
  expect(await pages().ec2(undefined)).toEqual({
    items: [expect.objectContaining({ id: "i-00000001", state: "running", tags: [{ key: "Name", value: "web-1" }] })],
    nextToken: undefined,
  });
  expect(await pages().ssm(undefined)).toEqual({
    items: [expect.objectContaining({ id: "i-00000001", pingStatus: "Online", lastPingAtMs: 1.5e12 })],
    nextToken: undefined,
  });
  expect(aws.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIADANA00000000", "AKIADANA00000000"]);
});

test("the token for the next page goes there and back; an empty one is none", async () => {
  aws.operations.DescribeInstanceInformation = ({ NextToken }) => ({
    body: { InstanceInformationList: [], NextToken: NextToken === "a" ? "" : "a" },
  });
  expect((await pages().ssm(undefined)).nextToken).toBe("a");
  expect((await pages().ssm("a")).nextToken).toBeUndefined();
  expect(aws.calls.map(({ input }) => input.MaxResults)).toEqual([SSM_PAGE_SIZE, SSM_PAGE_SIZE]);
});

test.each([
  ["denied", ec2Error("UnauthorizedOperation"), "AWS_ACCESS_DENIED"],
  ["absent at this endpoint", { status: 501, body: "<html>Not Implemented</html>" }, "AWS_SERVICE_ABSENT"],
  ["throttled", ec2Error("RequestLimitExceeded", 503), "AWS_THROTTLED"],
])(
  "a service that is %s is asked once a page, and says so in the words of the catalog",
  async (_name, answer, code) => {
    aws.operations.DescribeInstances = () => answer;
    await expect(pages().ec2(undefined)).rejects.toMatchObject({ code, aws: { operation: "DescribeInstances" } });
    expect(aws.calls).toHaveLength(1);
  },
);

test("one machine in full: both services and the connection, each asked once", async () => {
  aws.operations.GetConnectionStatus = () => ({ body: { Target: "i-00000001", Status: "connected" } });
  expect(await facts()).toMatchObject({
    ec2: { value: { machine: { id: "i-00000001" } } },
    ssm: { value: { node: { pingStatus: "Online" } } },
    connected: { value: true },
  });
  expect(aws.calls.map(({ operation }) => operation).sort()).toEqual([
    "DescribeInstanceInformation",
    "DescribeInstances",
    "GetConnectionStatus",
  ]);
});

test("each of the three calls waits for its turn in the budget of its service", async () => {
  await facts();
  expect(paced.sort()).toEqual(["ec2", "ssm", "ssm"]);
  await facts("mi-0123456789abcdef0");
  expect(paced).toEqual(["ssm", "ssm", "ssm"]);
});

test("the tags of a hybrid node, which no list has, are asked for with its details; of an EC2 machine they are not", async () => {
  aws.operations.ListTagsForResource = () => ({ body: { TagList: [{ Key: "env", Value: "prod" }] } });
  expect((await facts("mi-0123456789abcdef0")).tags).toEqual({ value: [{ key: "env", value: "prod" }] });
  expect(aws.calls.find(({ operation }) => operation === "ListTagsForResource")?.input).toEqual({
    ResourceType: "ManagedInstance",
    ResourceId: "mi-0123456789abcdef0",
  });
  aws.calls.length = 0;
  expect(await facts()).not.toHaveProperty("tags");
  expect(aws.calls.map(({ operation }) => operation)).not.toContain("ListTagsForResource");
});

test("tags that a role may not list cost the details nothing else", async () => {
  aws.operations.ListTagsForResource = () => awsError("AccessDeniedException");
  expect(await facts("mi-0123456789abcdef0")).toMatchObject({
    ssm: { value: { node: { pingStatus: "Online" } } },
    tags: { error: { code: "AWS_ACCESS_DENIED", aws: { operation: "ListTagsForResource" } } },
  });
});

test("a machine that EC2 no longer knows is no failure, and a hybrid node is not asked for there", async () => {
  aws.operations.DescribeInstances = () => ec2Error("InvalidInstanceID.NotFound", 400);
  aws.operations.GetConnectionStatus = () => awsError("AccessDeniedException");
  expect(await facts()).toMatchObject({
    ec2: { value: undefined },
    connected: { error: { code: "AWS_ACCESS_DENIED" } },
  });
  aws.calls.length = 0;
  await facts("mi-0123456789abcdef0");
  expect(aws.calls.map(({ operation }) => operation)).not.toContain("DescribeInstances");
});
