// The command's options about TLS, by themselves: what they may be, and what is said when they are not.
import type { TlsOptions } from "../listeners.ts";

export const TLS_ARGUMENTS = {
  tls: { type: "boolean" },
  "tls-port": { type: "string" },
  "ca-file": { type: "string" },
  "aws-name": { type: "string", multiple: true },
} as const;

export interface TlsValues {
  tls?: boolean | undefined;
  "tls-port"?: string | undefined;
  "ca-file"?: string | undefined;
  "aws-name"?: readonly string[] | undefined;
}

/** More than there are services and regions to be called so. */
export const AWS_NAMES_MAX = 64;

/** Nobody but AWS has pages under it: a name that a web page could have would open the sandbox to that page. */
const AWS_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+amazonaws\.com(\.cn)?$/;

/** @returns undefined when no TLS was asked for; any of the other options asks for it as well */
export function readTlsArguments(values: TlsValues): { tls: TlsOptions | undefined } | { problem: string } {
  const { tls: asked, "tls-port": port, "ca-file": caFile, "aws-name": awsNames } = values;
  if (asked !== true && port === undefined && caFile === undefined && awsNames === undefined) return { tls: undefined };
  const tls: TlsOptions = {};
  if (port !== undefined) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return { problem: `--tls-port wants a number from 0 to 65535, not "${port}"` };
    tls.port = Number(port);
  }
  if (caFile !== undefined) tls.caFile = caFile;
  if (awsNames !== undefined) {
    const wrong = awsNames.find((name) => !AWS_NAME.test(name));
    if (wrong !== undefined) return { problem: `--aws-name wants a host name under amazonaws.com, not "${wrong}"` };
    if (awsNames.length > AWS_NAMES_MAX) return { problem: `--aws-name can be given ${AWS_NAMES_MAX} times` };
    tls.awsNames = awsNames;
  }
  return { tls };
}
