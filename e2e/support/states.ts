/**
 * States of a terminal that a fault of the sandbox brings about (docs/states.md), each once: tests say that its words come and that
 * axe finds nothing, `pnpm screens` takes its picture. So a picture shows what was tested.
 */
import { expect } from "@playwright/test";
import type { ConsolePage } from "./console-page.ts";
import type { Stack } from "./stack.ts";

const MACHINES = {
  "batch-nightly-02": "i-01d7c3e8b4f95a620",
  "checkout-api-01": "i-0c41b7e92fa03d518",
  "checkout-api-02": "i-08f2a6d15c7b9e340",
  "checkout-api-04": "i-0a1f6c83e5d2b7940",
  "checkout-cron-01": "i-0e5b20f97d4c1a386",
  "edge-proxy-11": "i-0d84c2a91be6f5037",
  "orders-db-bastion": "i-06e0c95d8f1a4b273",
  "orders-migrate-01": "i-0b92f4e7a610d85c3",
  "orders-worker-01": "i-03b8d1f50e96c27a4",
  "orders-worker-02": "i-0f7429ac3be81d065",
} as const;

type Rules = Readonly<Partial<Record<"agents" | "api" | "limits", readonly object[]>>>;

export interface TerminalState {
  /** Name of its picture. */
  picture: string;
  /** Each of a list has its own: a shell that failed stays in its tab. */
  machine: keyof typeof MACHINES;
  /** Faults of this machine, in force while the list is gone through. */
  plan?: Rules;
  /** What is done once the shell is there; without it no shell is waited for. */
  act?(person: ConsolePage, stack: Stack, machineId: string): Promise<unknown>;
  /** What the pane says: all of them, the first before anything is unfolded. */
  words: readonly [RegExp | string, ...(RegExp | string)[]];
  /** What is unfolded before it is looked at. */
  unfold?: string;
  /** It is begun before the others, and looked at after them: it comes after many seconds. */
  takesLong?: true;
}

const refused = (operation: string, code: string) => ({ api: [{ operation, effect: { kind: "error", code } }] });
const fails = (what: string) => ({ agents: [{ fails: what }] });

/** StartSession fails: a card in the place of the terminal. */
export const REFUSED_STARTS: readonly TerminalState[] = [
  {
    picture: "instance-not-connected",
    machine: "orders-worker-02",
    words: [/orders-worker-02 stopped answering \d+.(s|min|h)/, "has not heard its agent since"],
  },
  {
    picture: "instance-not-managed",
    machine: "batch-nightly-02",
    words: ["batch-nightly-02 is not managed by SSM", "instance profile is missing"],
  },
  { picture: "instance-stopped", machine: "orders-migrate-01", words: ["orders-migrate-01 is stopped", "Start it"] },
  {
    picture: "start-denied",
    machine: "checkout-api-01",
    plan: refused("StartSession", "AccessDeniedException"),
    words: ["AWS did not allow this session", "Use another role", "Copy for your admin"],
  },
  {
    picture: "document-missing",
    machine: "checkout-api-02",
    plan: refused("StartSession", "InvalidDocument"),
    words: ["The session document SSM-SessionManagerRunShell is missing"],
  },
  {
    picture: "aws-failed",
    machine: "orders-worker-01",
    plan: refused("StartSession", "InternalServerError"),
    words: ["AWS had a problem in eu-west-1", "not repeated by itself", "Try again"],
  },
  {
    picture: "start-throttled",
    machine: "checkout-api-04",
    plan: refused("StartSession", "ThrottlingException"),
    words: ["AWS asked us to slow down", /Trying again by itself in \d+.s/],
  },
];

/** The session begins in AWS, and the machine's agent gives no shell: its own words stand under Details. */
export const NO_SHELLS: readonly TerminalState[] = [
  {
    picture: "channel-not-made",
    machine: "checkout-api-04",
    plan: refused("CreateDataChannel", "AccessDeniedException"),
    words: ["The instance may not open its channel to AWS.", "Policy statement", "Copy for your admin"],
    takesLong: true,
  },
  {
    picture: "run-as-no-user",
    machine: "checkout-api-01",
    plan: fails("run_as_no_user"),
    words: [/User ".+" does not exist on checkout-api-01\./, "The agent ended this session.", /RunAs user/],
    unfold: "Details",
  },
  {
    picture: "logging-not-encrypted",
    machine: "checkout-api-02",
    plan: fails("log_group_not_encrypted"),
    words: ["Session logging is misconfigured.", "CloudWatch log group", "Who manages"],
  },
  {
    picture: "shell-not-started",
    machine: "orders-worker-01",
    plan: fails("no_shell_plugin"),
    words: ["The agent could not start a shell.", "inotify", /df -h/],
    unfold: "Commands for the instance",
  },
];

const resumeAnswers = (effect: object) => ({ api: [{ operation: "ResumeSession", effect }] });
const cut = async (person: ConsolePage, stack: Stack) => {
  const { awsSessionId } = await person.session();
  await stack.admin("POST", "faults/cut", { session: awsSessionId, end: "client", how: "abrupt" });
};

/** The shell is on its way or there, and something stands between it and the page. */
export const TROUBLED: readonly TerminalState[] = [
  {
    picture: "connecting",
    machine: "orders-db-bastion",
    plan: { api: [{ operation: "CreateDataChannel", effect: { kind: "hang", ms: 20_000, when: "before" } }] },
    words: ["Opening orders-db-bastion", "Session started in AWS", "Channel open", "Waiting for the shell", "Cancel"],
  },
  {
    picture: "instance-silent",
    machine: "orders-worker-01",
    act: async (person, stack, id) => {
      await stack.admin("POST", `instances/${id}/vanish`);
      await person.type("date");
    },
    words: ["The instance does not answer.", "instance silent"],
    takesLong: true,
  },
  {
    picture: "agent-away",
    machine: "checkout-api-04",
    act: (_, stack, id) => stack.admin("POST", `instances/${id}/lose`),
    words: [/agent is away/i, "AWS holds what you type"],
  },
  {
    picture: "aws-connection-lost",
    machine: "checkout-api-01",
    plan: refused("ResumeSession", "InternalServerError"),
    act: cut,
    words: ["The connection between the server and AWS broke.", "Your shell keeps running."],
  },
  {
    picture: "resume-refused",
    machine: "checkout-api-02",
    plan: refused("ResumeSession", "AccessDeniedException"),
    act: cut,
    words: ["AWS does not allow this session to be resumed.", "tried again every minute"],
  },
  {
    picture: "sign-in-ended",
    machine: "checkout-cron-01",
    plan: refused("ResumeSession", "ExpiredTokenException"),
    act: cut,
    words: ["Your AWS sign-in ended.", "Your shell keeps running", "Sign in again"],
  },
  {
    picture: "slow",
    machine: "edge-proxy-11",
    plan: { agents: [{ acknowledgeDelayMs: 1_000 }] },
    act: (person) => person.enter("uptime"),
    words: [/ms slow/],
  },
];

/** The shell was there, and is over. */
export const ENDED: readonly TerminalState[] = [
  {
    picture: "ended-elsewhere",
    machine: "checkout-api-01",
    act: async (person, stack) => stack.admin("POST", `sessions/${(await person.session()).awsSessionId}/terminate`),
    words: ["Ended outside Causeway.", /It ran for/, "Start again"],
  },
  {
    picture: "ended-closed-by-aws",
    machine: "checkout-api-02",
    plan: resumeAnswers({ kind: "without_token" }),
    act: cut,
    words: ["AWS has closed this session.", "outside Causeway", "Start again"],
  },
  {
    picture: "ended-longest",
    machine: "checkout-api-04",
    plan: { limits: [{ durationSeconds: 4 }] },
    words: ["Ended by AWS: longest session", "Start again"],
  },
  {
    picture: "ended-by-aws-idle",
    machine: "orders-worker-01",
    plan: { limits: [{ idleSeconds: 3 }] },
    words: [/Ended by AWS: idle for \d+.min/, "Nobody typed", "Start again"],
  },
];

/**
 * Brings each about, waits for its words, and looks.
 * @param look takes a picture, or says what holds beside the words
 */
export async function inEach(
  states: readonly TerminalState[],
  person: ConsolePage,
  stack: Stack,
  look: (state: TerminalState) => Promise<void>,
): Promise<void> {
  await stack.setFaults(planOf(states));
  const early = states.filter(({ takesLong }) => takesLong);
  for (const state of early) await begin(state, person, stack);
  for (const state of states) {
    if (state.takesLong) continue;
    await begin(state, person, stack);
    await seen(state, person);
    await look(state);
  }
  for (const state of early) {
    await turnTo(state, person);
    await seen(state, person);
    await look(state);
  }
}

/** The faults of all of them together, each bound to its machine. */
function planOf(states: readonly TerminalState[]): Rules {
  const rules: Record<string, object[]> = {};
  for (const { machine, plan = {} } of states)
    for (const [kind, some] of Object.entries(plan))
      rules[kind] = [...(rules[kind] ?? []), ...some.map((rule) => ({ ...rule, instance: MACHINES[machine] }))];
  return rules;
}

async function begin(state: TerminalState, person: ConsolePage, stack: Stack): Promise<void> {
  await turnTo(state, person);
  if (state.act === undefined) return;
  await person.waitForText(/\$$/m);
  await state.act(person, stack, MACHINES[state.machine]);
}

/** Opens its machine, or goes where it is open. */
async function turnTo({ machine }: TerminalState, person: ConsolePage): Promise<void> {
  await person.choose(machine);
  await expect(person.pane()).toHaveAttribute("aria-label", new RegExp(machine));
}

async function seen({ words, unfold }: TerminalState, person: ConsolePage): Promise<void> {
  const pane = person.pane();
  await expect(pane).toContainText(words[0], { timeout: 60_000 });
  if (unfold !== undefined) await pane.getByText(unfold, { exact: true }).click();
  for (const each of words) await expect(pane).toContainText(each);
}

/** Machines that were lost or vanished are back for who comes next. */
export async function mend(stack: Stack): Promise<void> {
  await stack.setFaults({});
  for (const { act, machine } of TROUBLED)
    if (act !== undefined && act !== cut) await stack.admin("POST", `instances/${MACHINES[machine]}/find`);
}
