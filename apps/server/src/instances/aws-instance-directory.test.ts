import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsEndpoint, awsError, ec2Error, testIdentity } from "../aws/testing/aws-endpoint.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { AwsInstanceDirectory } from "./aws-instance-directory.ts";

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

const list = () => directory.list(testIdentity(), "eu-west-1");

test("both services are asked with the person's keys, and joined", async () => {
  const page = await list();
  expect(page).toMatchObject({
    instances: [{ id: "i-00000001", name: "web-1", state: "online", lastPingAt: 1.5e12 }],
    sources: { ec2: undefined, ssm: undefined },
    truncated: false,
  });
  expect(aws.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIADANA00000000", "AKIADANA00000000"]);
});

test("all pages are read, and a service that never ends its pages is left after a bound", async () => {
  let page = 0;
  aws.operations.DescribeInstanceInformation = () => {
    page++;
    const id = `mi-${page.toString(16).padStart(8, "0")}`;
    const more = page % 3 === 0 ? {} : { NextToken: `${page}` };
    return { body: { InstanceInformationList: [{ InstanceId: id, PingStatus: "Online" }], ...more } };
  };
  expect((await list()).instances.length).toBe(4);
  aws.operations.DescribeInstanceInformation = () => ({ body: { InstanceInformationList: [], NextToken: "again" } });
  expect((await list()).truncated).toBe(true);
});

test("EC2 denied: SSM's machines are still shown, and the page is told what is missing", async () => {
  aws.operations.DescribeInstances = () => ec2Error("UnauthorizedOperation");
  const page = await list();
  expect(page.instances).toMatchObject([{ id: "i-00000001", name: "i-00000001", state: "online" }]);
  expect(page.sources.ec2).toMatchObject({ code: "AWS_ACCESS_DENIED", aws: { operation: "DescribeInstances" } });
});

test("SSM denied: EC2's machines are still shown, and nobody pretends to know their state", async () => {
  aws.operations.DescribeInstanceInformation = () => awsError("AccessDeniedException");
  const page = await list();
  expect(page.instances).toMatchObject([{ name: "web-1", state: "unknown", ec2State: "running" }]);
  expect(page.sources.ssm?.code).toBe("AWS_ACCESS_DENIED");
});

test("a service that the endpoint does not have degrades like a denied one", async () => {
  aws.operations.DescribeInstances = () => ({ status: 501, body: "<html>Not Implemented</html>" });
  const page = await list();
  expect(page.sources.ec2?.code).toBe("AWS_SERVICE_ABSENT");
  expect(page.instances.length).toBe(1);
});

test("neither answers: one error, the more telling of the two", async () => {
  aws.operations.DescribeInstances = () => ec2Error("UnauthorizedOperation");
  aws.operations.DescribeInstanceInformation = () => awsError("AccessDeniedException");
  await expect(list()).rejects.toMatchObject({ code: "AWS_ACCESS_DENIED" });
  aws.operations.DescribeInstances = () => ec2Error("RequestExpired", 400);
  await expect(list()).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
});

test("a login that has ended is that error, and AWS is not asked", async () => {
  const ended = testIdentity(async () => {
    throw new CatalogError("SIGN_IN_REQUIRED");
  });
  await expect(directory.list(ended, "eu-west-1")).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  expect(aws.calls).toEqual([]);
});
