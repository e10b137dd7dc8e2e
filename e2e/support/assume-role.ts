/**
 * Takes a role at the sandbox's STS as the AWS CLI does: the caller chooses the session name. Signed by hand (Signature
 * Version 4, IAM User Guide "Create a signed AWS API request"), so that nothing of ours and no SDK is needed here.
 */
import { createHash, createHmac } from "node:crypto";
import type { Person, Stack } from "./stack.ts";

export interface RoleKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export async function assumeRole(stack: Stack, caller: Person, role: string, sessionName: string): Promise<RoleKeys> {
  const body = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::111122223333:role/${role}`,
    RoleSessionName: sessionName,
  }).toString();
  const { host } = new URL(stack.sandboxUrl);
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = `${stamp.slice(0, 8)}/eu-west-1/sts/aws4_request`;
  const headers = { "content-type": "application/x-www-form-urlencoded", host, "x-amz-date": stamp };
  const signed = Object.keys(headers).join(";");
  const canonical = [
    "POST",
    "/",
    "",
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    "",
    signed,
    sha256(body),
  ].join("\n");
  const key = scope
    .split("/")
    .reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${caller.secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${caller.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  const answer = await fetch(`${stack.sandboxUrl}/`, { method: "POST", headers: { ...headers, authorization }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`AssumeRole answered ${answer.status}: ${text}`);
  const textOf = (name: string): string => text.match(new RegExp(`<${name}>([^<]+)</${name}>`))?.[1] ?? "";
  return {
    accessKeyId: textOf("AccessKeyId"),
    secretAccessKey: textOf("SecretAccessKey"),
    sessionToken: textOf("SessionToken"),
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
