/**
 * The home directory of a machine's ssm-user and the environment of its processes, both built from nothing:
 * nothing of the sandbox's own environment may reach a shell.
 */
import { existsSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const MACHINE_USER = "ssm-user";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const LOG_LINES = 200;

export interface MachineHome {
  readonly path: string;
  readonly hostName: string;
  /** Default: MACHINE_USER. Under Run As, in the environment of a session's processes, another one. */
  readonly user?: string;
}

/** What the files in the home directory are about. */
export interface HomeFacts {
  instanceId: string;
  name: string;
  region: string;
  platformName: string;
  platformVersion: string;
  privateIp: string;
  tags: Readonly<Record<string, string>>;
}

/** Makes the directory (0700) and its files; what a person changed there in an earlier run stays. */
export async function prepareHome(homeRoot: string, facts: HomeFacts, nowMs: number): Promise<MachineHome> {
  const home: MachineHome = { path: join(homeRoot, facts.instanceId), hostName: hostNameOf(facts.name) };
  await mkdir(home.path, { recursive: true, mode: 0o700 });
  await chmod(home.path, 0o700);
  await mkdir(join(home.path, "logs"), { recursive: true, mode: 0o700 });
  await mkdir(join(home.path, "tmp"), { recursive: true, mode: 0o700 });
  await rm(join(home.path, ".bashrc"), { recursive: true, force: true }); // it may be a link by now: not followed
  await writeFile(join(home.path, ".bashrc"), startupFile(home), { mode: 0o600, flag: "wx" });
  await writeOnce(join(home.path, "README.txt"), readme(facts));
  await writeOnce(join(home.path, "logs", `${serviceOf(facts)}.log`), serviceLog(facts, nowMs));
  return home;
}

/** The complete environment of a machine's process. */
export function environmentOf(home: MachineHome): Record<string, string> {
  return {
    PATH,
    HOME: home.path,
    USER: home.user ?? MACHINE_USER,
    LOGNAME: home.user ?? MACHINE_USER,
    SHELL: shellPath(),
    HOSTNAME: home.hostName,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    TMPDIR: join(home.path, "tmp"),
    HISTFILE: join(home.path, ".bash_history"),
  };
}

/** Bash where there is one: the prompt and the closing of inherited descriptors need it. */
export function shellPath(): string {
  return ["/bin/bash", "/usr/bin/bash"].find((path) => existsSync(path)) ?? "/bin/sh";
}

/** Names are shown in prompts and files: letters, digits, dots and dashes are enough for a host name. */
export function hostNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 63) || "localhost";
}

/** `hostname` and `whoami` answer as on the machine that is played; `id` and `uname` tell the truth about this computer. */
function startupFile(home: MachineHome): string {
  return `# Startup file of this machine's shells; written anew at each start of the sandbox.
PS1=$USER'@${home.hostName}:\\w$ '
PROMPT_COMMAND=
HISTSIZE=1000
hostname() { printf '%s\\n' '${home.hostName}'; }
whoami() { printf '%s\\n' "$USER"; }
alias ls='ls --color=auto'
alias ll='ls -l'
`;
}

const readme = (facts: HomeFacts): string => `${facts.name} (${facts.instanceId}, ${facts.region})

An emulated machine of the Causeway sandbox: ${facts.platformName} ${facts.platformVersion}, ${facts.privateIp || "no address"}.
This is a real shell on the computer that runs the sandbox, in a home directory of its own.
What you do here happens there: other files and the network are within its reach.

Try: tail -f logs/${serviceOf(facts)}.log, vi README.txt, top, exit
`;

const serviceOf = (facts: HomeFacts): string => hostNameOf(facts.tags.service ?? facts.tags.Service ?? facts.name);

/** Believable, and the same for the same machine and moment. */
function serviceLog(facts: HomeFacts, nowMs: number): string {
  const lines: string[] = [];
  for (let index = 0; index < LOG_LINES; index++) {
    const at = new Date(nowMs - (LOG_LINES - index) * 7_130).toISOString();
    const { level, text } = LOG_TEXTS[(index * 7 + (index >> 3)) % LOG_TEXTS.length] ?? { level: "INFO", text: "ok" };
    const milliseconds = 3 + ((index * 37) % 190);
    lines.push(`${at} ${level.padEnd(5)} ${serviceOf(facts)} ${text} (${milliseconds} ms)`);
  }
  return `${lines.join("\n")}\n`;
}

const LOG_TEXTS = [
  { level: "INFO", text: "GET /health 200" },
  { level: "INFO", text: "POST /v1/orders 201" },
  { level: "INFO", text: "GET /v1/orders/8841 200" },
  { level: "INFO", text: "cache refreshed, 412 entries" },
  { level: "WARN", text: "upstream payments: retry 1 of 3" },
  { level: "INFO", text: "GET /v1/carts/19c2 304" },
  { level: "INFO", text: "job nightly-report queued" },
  { level: "ERROR", text: "POST /v1/orders 502 upstream timed out" },
  { level: "INFO", text: "connection pool 7/40" },
];

async function writeOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
