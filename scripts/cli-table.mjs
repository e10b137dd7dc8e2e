// Runs the AWS CLI against a sandbox of its own, command by command, and writes what it printed into the table of
// packages/aws-sandbox/README.md; with --check it only compares the two. Needs `aws` in the path (or in AWS_CLI) and a built sandbox.
import { execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const README = `${ROOT}packages/aws-sandbox/README.md`;
const [BEGIN, END] = ["<!-- cli-table: written by scripts/cli-table.mjs -->", "<!-- cli-table ends -->"];
const AWS = process.env.AWS_CLI ?? "aws";
const CELL_CHARS_MAX = 220;
const MACHINE = "i-0a1f6c83e5d2b7940";
const DOCUMENT = "SSM-SessionManagerRunShell";
const CONTENT = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"kmsKeyId":"alias/session-manager"}}';

/**
 * Who, what, and which part of the answer stands in the table.
 * @type {[string, string, string][]}
 */
const COMMANDS = [
  ["dana", "sts get-caller-identity", "Arn"],
  ["dana", "sts get-session-token", "Credentials.Expiration"],
  ["dana", "ec2 describe-regions", "Regions[].RegionName"],
  ["dana", "ec2 describe-instances --filters Name=tag:tier,Values=bastion", "Reservations[].Instances[].InstanceId"],
  ["dana", "ec2 describe-instances --max-items 1", "Reservations[].Instances[].State.Name"],
  ["emil", "ssm describe-instance-information", ""],
  ["amira", `ec2 stop-instances --instance-ids ${MACHINE}`, "StoppingInstances[].CurrentState.Name"],
  ["amira", `ec2 start-instances --instance-ids ${MACHINE}`, "StartingInstances[].CurrentState.Name"],
  ["amira", `ec2 reboot-instances --instance-ids ${MACHINE} --dry-run`, ""],
  [
    "dana",
    `ssm describe-instance-information --filters Key=InstanceIds,Values=${MACHINE}`,
    "InstanceInformationList[].[ComputerName,PingStatus]",
  ],
  ["dana", `ssm get-connection-status --target ${MACHINE}`, "Status"],
  ["kofi", "ssm start-session --target i-06e0c95d8f1a4b273", ""],
  ["dana", "ssm describe-sessions --state History", "length(Sessions)"],
  ["dana", "ssm terminate-session --session-id dana-00000000000000000", "SessionId"],
  ["amira", "ssm list-documents --filters Key=Owner,Values=Self", "DocumentIdentifiers[].Name"],
  [
    "amira",
    `ssm update-document --name ${DOCUMENT} --document-version $LATEST --content ${CONTENT}`,
    "DocumentDescription.LatestVersion",
  ],
  [
    "amira",
    `ssm update-document-default-version --name ${DOCUMENT} --document-version 2`,
    "Description.DefaultVersion",
  ],
  ["amira", `ssm list-document-versions --name ${DOCUMENT}`, "DocumentVersions[].[DocumentVersion,IsDefaultVersion]"],
  ["amira", "kms list-aliases", "Aliases[].AliasName"],
  ["kofi", "kms generate-data-key --key-id alias/session-manager --number-of-bytes 64", ""],
  [
    "amira",
    `iam simulate-principal-policy --policy-source-arn arn:aws:iam::111122223333:user/vera --action-names ssm:StartSession`,
    "EvaluationResults[].EvalDecision",
  ],
];

const sandbox = spawn(process.execPath, [`${ROOT}packages/aws-sandbox/dist/main.js`, "--port", "0", "--json"], {
  stdio: ["ignore", "pipe", "ignore"],
});
try {
  const [line] = await new Promise((resolve) =>
    createInterface(sandbox.stdout).once("line", (text) => resolve([text])),
  );
  const { endpointUrl, peopleFile } = JSON.parse(line);
  const { people } = JSON.parse(readFileSync(peopleFile, "utf8"));
  const { stdout } = await promisify(execFile)(AWS, ["--version"]);
  const rows = [];
  for (const [who, command, query] of COMMANDS)
    rows.push(
      `| \`${who}\` | \`aws ${asTyped(command)}\` | ${await run(endpointUrl, personOf(people, who), command, query)} |`,
    );
  const table = [
    `Outputs of ${stdout.split(" ")[0]}.`,
    "",
    "| as | command | prints |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
  const readme = readFileSync(README, "utf8");
  const [before, rest] = readme.split(BEGIN);
  if (rest === undefined) throw new Error(`${README} has no place for the table`);
  if (process.argv.includes("--check")) check(rows, rest.split(END)[0] ?? "");
  else writeFileSync(README, `${before}${BEGIN}\n${table}\n${END}${rest.split(END)[1]}`);
} finally {
  sandbox.kill("SIGTERM");
}

/**
 * Versions of the CLI write moments differently, and no two runs have the same.
 * @param {string[]} rows
 * @param {string} table
 */
function check(rows, table) {
  /** @param {string} text */
  const lasting = (text) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, "<moment>");
  const missing = rows.filter((row) => !lasting(table).includes(lasting(row)));
  for (const row of missing) process.stderr.write(`not in the table: ${row}\n`);
  if (missing.length > 0) process.exitCode = 1;
  else process.stdout.write(`${rows.length} commands print what the table says\n`);
}

/**
 * @param {{ id: string, accessKeyId: string, secretAccessKey: string }[]} people
 * @param {string} who
 */
function personOf(people, who) {
  const found = people.find(({ id }) => id === who);
  if (found === undefined) throw new Error(`nobody is called ${who}`);
  return found;
}

/**
 * What a shell would change stands in quotes.
 * @param {string} command
 */
function asTyped(command) {
  return command
    .split(" ")
    .map((word) => (/[${"]/.test(word) ? `'${word}'` : word))
    .join(" ");
}

/**
 * @param {string} endpointUrl
 * @param {{ accessKeyId: string, secretAccessKey: string }} person
 * @param {string} command
 * @param {string} query
 * @returns {Promise<string>} what the CLI printed, or its error, as the content of a table's cell
 */
async function run(endpointUrl, person, command, query) {
  const args = ["--endpoint-url", endpointUrl, "--region", "eu-west-1", "--output", "text", ...command.split(" ")];
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    AWS_ACCESS_KEY_ID: person.accessKeyId,
    AWS_SECRET_ACCESS_KEY: person.secretAccessKey,
  };
  const printed = await promisify(execFile)(AWS, query === "" ? args : [...args, "--query", query], { env }).then(
    ({ stdout }) => stdout,
    ({ stderr, stdout }) => stderr || stdout,
  );
  const text = printed.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");
  return `\`${text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX)}…` : text}\``;
}
