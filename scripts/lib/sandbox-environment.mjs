import path from "node:path";

/**
 * The environment of the demo's two processes. The caller's AWS variables, profiles and Causeway settings stay
 * outside: a demo must never reach a real account, whatever the shell it was started from is signed in to.
 * Pure, so that a test can hold it to that.
 *
 * @param {NodeJS.ProcessEnv} caller
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutAws(caller) {
  return Object.fromEntries(
    Object.entries(caller).filter(([name]) => !/^(AWS|CAUSEWAY|AMAZON|SSM)_/i.test(name) && name !== "NODE_OPTIONS"),
  );
}

/**
 * @param {NodeJS.ProcessEnv} caller
 * @param {{ listen: string, endpointUrl: string, dataDir: string, peopleFile: string }} demo
 * @returns {NodeJS.ProcessEnv} of the server: every AWS call goes to the sandbox, and any other host is refused
 */
export function serverEnvironment(caller, demo) {
  const nowhere = path.join(demo.dataDir, "no-aws-profiles");
  return {
    ...withoutAws(caller),
    AWS_ENDPOINT_URL: demo.endpointUrl,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: "true",
    CAUSEWAY_AWS_HOSTS: new URL(demo.endpointUrl).host,
    CAUSEWAY_DATA_DIR: demo.dataDir,
    CAUSEWAY_IDENTITY_CENTER: `eu-west-1 ${demo.endpointUrl}/start`,
    CAUSEWAY_LISTEN: demo.listen,
    CAUSEWAY_READY_MADE_PEOPLE_FILE: demo.peopleFile,
    CAUSEWAY_REGIONS: "eu-west-1,us-east-1,ap-southeast-2,eu-north-1",
  };
}
