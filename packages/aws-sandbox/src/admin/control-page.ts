// `/_sandbox/`: machines, sessions and faults on one page, for who would rather click than call the admin API. Plain HTML without
// scripts: the browser sends forms, and each carries the passcode of this start, which the page writes into its own forms only after
// somebody gave it. The page knows what to show and what was asked; doing it is its deps' business.
import { FaultPlanError } from "../faults/plan-object.ts";
import type { HttpReply } from "../http/protocol.ts";
import type { PortalPasscode } from "../sso/portal-passcode.ts";
import { type ControlPageView, controlPage, entryPage } from "./control-page-view.ts";
import type { FaultReport } from "./fault-control.ts";
import { FAULT_PRESETS } from "./fault-presets.ts";
import { FLEET_ACTIONS, type FleetControl } from "./fleet-control.ts";

export const CONTROL_PAGE_PATH = "/_sandbox/";

export interface ControlPageDeps {
  passcode: Pick<PortalPasscode, "check" | "text">;
  fleet: Pick<FleetControl, "act">;
  sessions: { terminateSession(sessionId: string): boolean };
  faults: { show(): FaultReport; readAndSetPlan(value: unknown): void };
  view(): Pick<ControlPageView, "machines" | "machineCount" | "sessions">;
  nowMs(): number;
}

export const isControlPage = (target: string): boolean => target.split("?", 1)[0] === CONTROL_PAGE_PATH;

/** @param request one that the listener let through: from a browser, only a navigation or a form of this very page */
export async function answerControlPage(
  deps: ControlPageDeps,
  request: { method: string; body: Uint8Array },
): Promise<HttpReply> {
  if (request.method === "GET") return entryPage(200, "");
  if (request.method !== "POST") return entryPage(405, "This page is read or sent.");
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  const checked = deps.passcode.check(form.get("passcode") ?? "", deps.nowMs());
  if (checked === "wait") return entryPage(429, "Too many wrong passcodes. Wait a minute.");
  if (checked === "wrong") return entryPage(403, "The passcode is wrong.");
  const done = await carryOut(deps, form);
  return controlPage({
    ...deps.view(),
    faults: deps.faults.show(),
    passcode: deps.passcode.text,
    // what could not be read stays in the field, to be mended
    planText: done.isProblem && form.has("plan") ? (form.get("plan") ?? "") : undefined,
    ...done,
  });
}

interface Done {
  text: string;
  isProblem: boolean;
}

const well = (text: string): Done => ({ text, isProblem: false });
const problem = (text: string): Done => ({ text, isProblem: true });

async function carryOut(deps: ControlPageDeps, form: URLSearchParams): Promise<Done> {
  const instance = form.get("instance");
  if (instance !== null) return actOnMachine(deps, instance, form.get("action") ?? "");
  const session = form.get("session");
  if (session !== null)
    return deps.sessions.terminateSession(session) ? well(`Ended ${session}.`) : problem("There is no such session.");
  const preset = form.get("preset");
  if (preset !== null) {
    const found = FAULT_PRESETS.find(({ id }) => id === preset);
    return found === undefined ? problem("There is no such fault.") : setPlan(deps, found.plan, found.title);
  }
  const plan = form.get("plan");
  return plan === null ? well("") : setPlan(deps, plan, "The plan");
}

async function actOnMachine(deps: ControlPageDeps, id: string, asked: string): Promise<Done> {
  const action = FLEET_ACTIONS.find((candidate) => candidate === asked);
  if (action === undefined) return problem("There is no such action.");
  const result = await deps.fleet.act(id, action);
  if (result === undefined) return problem("There is no such machine.");
  return result.ok ? well(`Done: ${action} ${id}.`) : problem(`Not done: ${result.reason}.`);
}

/** @param plan parsed, or as text */
function setPlan(deps: ControlPageDeps, plan: unknown, title: string): Done {
  try {
    deps.faults.readAndSetPlan(typeof plan === "string" ? JSON.parse(plan) : plan);
    return well(`In force: ${title}.`);
  } catch (error) {
    if (error instanceof FaultPlanError) return problem(`Not set: ${error.message}.`);
    if (error instanceof SyntaxError) return problem("Not set: it is not JSON.");
    throw error;
  }
}
