/**
 * The home directory of a machine's ssm-user and the environment of its processes, both built from nothing:
 * nothing of the sandbox's own environment may reach a shell.
 */
import { existsSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SERVICE_FOLDER, serviceScript, svcScript } from "./service-scripts.ts";
import { HOME_INSIDE } from "./space-script.ts";

export const MACHINE_USER = "ssm-user";
/** Whose processes are those that a document wants elevated. */
export const ELEVATED_USER = "root";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const LOG_LINES = 200;

export interface MachineHome {
  readonly path: string;
  readonly hostName: string;
  /** Default: MACHINE_USER. Under Run As, in the environment of a session's processes, another one. */
  readonly user?: string;
  /** Where its own processes see it. Default: `path`. */
  readonly pathInside?: string;
  /** What to run so that a command runs on the machine, as its one user or as root there. Default: the command itself. */
  readonly enter?: (command: readonly string[], isElevated: boolean) => string[];
  /** What to run so that a command of the sandbox's own runs in the machine's network, and nowhere else on the machine. */
  readonly enterNetwork?: (command: readonly string[]) => string[];
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
  /** Its service does badly until somebody restarts it. */
  ailing?: boolean;
  /** Milliseconds since the epoch, for `uptime`. */
  bootedAtMs?: number;
}

/** Makes the directory (0700) and its files; what a person changed there in an earlier run stays. */
export async function prepareHome(homeRoot: string, facts: HomeFacts, nowMs: number): Promise<MachineHome> {
  const home: MachineHome = { path: join(homeRoot, facts.instanceId), hostName: hostNameOf(facts.name) };
  await mkdir(home.path, { recursive: true, mode: 0o700 });
  await chmod(home.path, 0o700);
  await mkdir(join(home.path, "logs"), { recursive: true, mode: 0o700 });
  await mkdir(join(home.path, "tmp"), { recursive: true, mode: 0o700 });
  await rm(join(home.path, ".bashrc"), { recursive: true, force: true }); // it may be a link by now: not followed
  await writeFile(join(home.path, ".bashrc"), startupFile(home, facts.bootedAtMs ?? nowMs), {
    mode: 0o600,
    flag: "wx",
  });
  await writeOnce(join(home.path, "README.txt"), readme(facts));
  await writeOnce(join(home.path, "logs", `${serviceOf(facts)}.log`), serviceLog(facts, nowMs));
  await prepareService(home.path, facts);
  return home;
}

async function prepareService(path: string, facts: HomeFacts): Promise<void> {
  const folder = join(path, SERVICE_FOLDER);
  const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
  await mkdir(join(path, "bin"), { recursive: true, mode: 0o700 });
  const service = serviceOf(facts);
  await writeOnce(join(folder, "service"), serviceScript(service));
  await writeOnce(join(path, "bin", "svc"), svcScript(service), 0o700);
  if (isNew && facts.ailing) await writeOnce(join(folder, "ailing"), "");
}

/** The complete environment of a machine's process. */
export function environmentOf(home: MachineHome): Record<string, string> {
  const path = homeInside(home);
  return {
    PATH: `${join(path, "bin")}:${PATH}`,
    HOME: path,
    USER: home.user ?? MACHINE_USER,
    LOGNAME: home.user ?? MACHINE_USER,
    SHELL: shellPath(),
    HOSTNAME: home.hostName,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    TMPDIR: join(path, "tmp"),
    HISTFILE: join(path, ".bash_history"),
  };
}

/** The home as the machine's processes see it. */
export const homeInside = ({ path, pathInside }: MachineHome): string => pathInside ?? path;

/** Bash where there is one: the prompt and the closing of inherited descriptors need it. */
export function shellPath(): string {
  return ["/bin/bash", "/usr/bin/bash"].find((path) => existsSync(path)) ?? "/bin/sh";
}

/** Names are shown in prompts and files: letters, digits, dots and dashes are enough for a host name. */
export function hostNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 63) || "localhost";
}

/** `hostname` and `whoami` answer as on the machine that is played; `id` and `uname` tell the truth about this computer. */
function startupFile(home: MachineHome, bootedAtMs: number): string {
  return `# Startup file of this machine's shells; written anew at each start of the sandbox.
PS1=$USER'@${home.hostName}:\\w$ '
PROMPT_COMMAND=
HISTSIZE=1000
hostname() { printf '%s\\n' '${home.hostName}'; }
whoami() { printf '%s\\n' "$USER"; }
uptime() {
  local seconds=$(( $(date +%s) - ${Math.floor(bootedAtMs / 1_000)} )) load
  read -r load _ < /proc/loadavg
  printf ' %s up %d days, %02d:%02d, load average: %s\\n' "$(date +%T)" $(( seconds / 86400 )) $(( seconds / 3600 % 24 )) $(( seconds / 60 % 60 )) "$load"
}
# Once called, this shell says where its commands begin and end (OSC 133), as shells with integration do.
marks() {
  PROMPT_COMMAND='printf "\\033]133;D;%s\\007" "$?"'
  PS1='\\[\\e]133;A\\a\\]'"$PS1"'\\[\\e]133;B\\a\\]'
  PS0='\\e]133;C\\a'
  marks() { :; }
}
# On a machine of its own the terminal's name is another computer's: these programs ask for it, so they get a terminal from here.
if [ "$HOME" = ${HOME_INSIDE} ]; then
  tmux() { script -qfec "tmux \${*@Q}" /dev/null; }
  screen() { script -qfec "screen \${*@Q}" /dev/null; }
fi
alias ls='ls --color=auto'
alias ll='ls -l'
`;
}

const readme = (facts: HomeFacts): string => `${facts.name} (${facts.instanceId}, ${facts.region})

An emulated machine of the Causeway sandbox: ${facts.platformName} ${facts.platformVersion}, ${facts.privateIp || "no address"}.
This is a real shell on the computer that runs the sandbox, in a home directory of its own. Where that computer offers user
namespaces, the shell sees nothing else of it and reaches no network; the sandbox says at its start whether it does.

The service of this machine is "${serviceOf(facts)}": svc status, svc logs, svc restart.
"marks" makes this shell say where its commands begin and end, for consoles that show it.
Try: tail -f logs/${serviceOf(facts)}.log, vi README.txt, uptime, top, exit
`;

/** What its little service is called. */
export const serviceOf = (facts: Pick<HomeFacts, "tags" | "name">): string =>
  hostNameOf(facts.tags.service ?? facts.tags.Service ?? facts.name);

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

async function writeOnce(path: string, text: string, mode = 0o600): Promise<void> {
  try {
    await writeFile(path, text, { mode, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
