/** One signed call of an AWS service at the sandbox, as one of its people. Signature: AWS Signature Version 4. */
import { createHash, createHmac } from "node:crypto";
import type { Stack } from "./stack.ts";

const TARGETS = { ssm: "AmazonSSM", kms: "TrentService" } as const;
const REGION = "eu-west-1";

export async function awsCall(
  stack: Stack,
  personId: string,
  service: keyof typeof TARGETS,
  operation: string,
  input: object,
): Promise<unknown> {
  const person = stack.people.find(({ id }) => id === personId);
  if (person === undefined) throw new Error(`nobody is called ${personId}`);
  const body = JSON.stringify(input);
  const { host } = new URL(stack.sandboxUrl);
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": at,
    "x-amz-target": `${TARGETS[service]}.${operation}`,
  };
  const names = Object.keys(headers).sort().join(";");
  const lines = Object.keys(headers)
    .sort()
    .map((name) => `${name}:${headers[name]}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `${at.slice(0, 8)}/${REGION}/${service}/aws4_request`;
  const key = [at.slice(0, 8), REGION, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${person.secretAccessKey}`,
  );
  const text = ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n");
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const answer = await fetch(stack.sandboxUrl, {
    method: "POST",
    headers: {
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${person.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    },
    body,
  });
  if (!answer.ok) throw new Error(`${operation} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
