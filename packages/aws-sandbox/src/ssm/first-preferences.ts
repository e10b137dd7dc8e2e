// The session preferences that accounts have when the sandbox starts. us-east-1 never saved any, so that both cases are met; Sydney
// encrypts and logs, staging uses Run As and a shell profile: what can go wrong there goes wrong on one machine each.
import { DEFAULT_ACCOUNT, STAGING_ACCOUNT } from "../instances/fleet.ts";
import type { DocumentPlace } from "./document-store.ts";
import { DEFAULT_SHELL_DOCUMENT, type DocumentContent } from "./documents.ts";

type Inputs = Readonly<Record<string, unknown>>;

const INPUTS: Readonly<Record<string, Inputs>> = {
  [`${DEFAULT_ACCOUNT}/ap-southeast-2`]: {
    kmsKeyId: "alias/session-manager",
    cloudWatchLogGroupName: "/harbor/sessions",
  },
  [`${STAGING_ACCOUNT}/eu-west-1`]: { runAsEnabled: true, runAsDefaultUser: "deploy" },
  [`${STAGING_ACCOUNT}/ap-southeast-2`]: {
    idleSessionTimeout: "10",
    shellProfile: { windows: "", linux: "echo 'Standby of staging: look, and leave it as it is.'" },
  },
};

/** @returns undefined where nobody ever saved any */
export function firstPreferences({ account, region }: DocumentPlace): DocumentContent | undefined {
  const inputs = INPUTS[`${account}/${region}`];
  if (inputs === undefined && region !== "eu-west-1") return undefined;
  return { ...DEFAULT_SHELL_DOCUMENT, inputs: { ...DEFAULT_SHELL_DOCUMENT.inputs, ...inputs }, parameters: {} };
}
