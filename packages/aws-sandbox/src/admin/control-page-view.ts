// How `/_sandbox/` looks: HTML from data, every text of somebody else escaped. Knows no form's meaning but its field names.
import { htmlPage } from "../http/html-page.ts";
import type { HttpReply } from "../http/protocol.ts";
import { escapeXml } from "../http/xml.ts";
import type { FaultReport } from "./fault-control.ts";
import { FAULT_PRESETS } from "./fault-presets.ts";
import { FLEET_ACTIONS } from "./fleet-control.ts";

export interface MachineRow {
  id: string;
  name: string;
  account: string;
  region: string;
  state: string;
  /** "" when Systems Manager does not know it. */
  pingStatus: string;
  agentVersion: string;
  isConnected: boolean;
  /** Why it cannot be opened, of a ready-made one that cannot. */
  trouble: string;
}

export interface ControlPageView {
  machines: readonly MachineRow[];
  /** In all; the page shows the first ones. */
  machineCount: number;
  sessions: readonly { sessionId: string; target: string; status: string }[];
  faults: FaultReport;
  /** Written into the page's own forms. */
  passcode: string;
  /** What happened to the last form. */
  text: string;
  isProblem: boolean;
  /** What somebody wrote and could not be read. */
  planText: string | undefined;
}

/** Before the passcode was given. @param problem "" for none */
export function entryPage(status: number, problem: string): HttpReply {
  return page(
    status,
    `${problem === "" ? "" : `<p role="alert" class="problem">${escapeXml(problem)}</p>`}
<form method="post" class="entry"><label>Passcode of this sandbox
<input name="passcode" type="password" autocomplete="off" required maxlength="40"></label>
<p class="hint">It is printed when the sandbox starts, and stands in its people's file.</p><button>Open</button></form>`,
  );
}

export function controlPage(view: ControlPageView): HttpReply {
  const { machines, machineCount, sessions, text, isProblem } = view;
  const said =
    text === ""
      ? ""
      : `<p role="${isProblem ? "alert" : "status"}" class="${isProblem ? "problem" : "done"}">${escapeXml(text)}</p>`;
  const more = machineCount > machines.length ? ` (the first ${machines.length} are shown)` : "";
  return page(
    200,
    `${said}${form(view, "<button>Look again</button>")}
<h2>Faults</h2>${faults(view)}
<h2>Sessions: ${sessions.length}</h2>${sessions.length === 0 ? "<p>None runs.</p>" : sessionTable(view)}
<h2>Machines: ${machineCount}${more}</h2>${machineTable(view)}`,
  );
}

const form = ({ passcode }: ControlPageView, content: string): string =>
  `<form method="post"><input type="hidden" name="passcode" value="${escapeXml(passcode)}">${content}</form>`;

function faults(view: ControlPageView): string {
  const { plan, on, done } = view.faults;
  const counts = Object.entries(done).map(([deed, count]) => `<li>${escapeXml(deed)}: ${count}</li>`);
  const isOn =
    on.length === 0 ? "<p>None is on.</p>" : `<ul>${on.map((rule) => `<li>${escapeXml(rule)}</li>`).join("")}</ul>`;
  const presets = FAULT_PRESETS.map(({ id, title }) => `<option value="${id}">${escapeXml(title)}</option>`).join("");
  return `${isOn}${counts.length === 0 ? "" : `<p>What they did so far:</p><ul>${counts.join("")}</ul>`}
${form(view, `<label>Ready-made <select name="preset">${presets}</select></label> <button>Put in force</button>`)}
<details${view.planText === undefined ? "" : " open"}><summary>The whole plan</summary>
${form(
  view,
  `<label>Plan, as docs/sandbox-coverage.md describes it<textarea name="plan" rows="14" spellcheck="false">${escapeXml(view.planText ?? JSON.stringify(plan, null, 2))}</textarea></label><button>Put in force</button>`,
)}</details>`;
}

const sessionTable = (view: ControlPageView): string =>
  table(
    ["Session", "Machine", "Status", "Do"],
    view.sessions.map(({ sessionId, target, status }) => [
      escapeXml(sessionId),
      escapeXml(target),
      escapeXml(status),
      form(
        view,
        `<input type="hidden" name="session" value="${escapeXml(sessionId)}"><button aria-label="End ${escapeXml(sessionId)}">end</button>`,
      ),
    ]),
  );

const machineTable = (view: ControlPageView): string =>
  table(
    ["Name", "Where", "EC2", "Systems Manager", "Agent", "Control channel", "Trouble", "Do"],
    view.machines.map((machine) => [
      `${escapeXml(machine.name)}<br><code>${escapeXml(machine.id)}</code>`,
      `${escapeXml(machine.account)}<br>${escapeXml(machine.region)}`,
      machine.id.startsWith("mi-") ? "hybrid" : escapeXml(machine.state),
      escapeXml(machine.pingStatus || "not known"),
      escapeXml(machine.agentVersion),
      machine.isConnected ? "yes" : "no",
      escapeXml(machine.trouble),
      form(
        view,
        `<input type="hidden" name="instance" value="${escapeXml(machine.id)}">${FLEET_ACTIONS.map(
          (action) =>
            `<button name="action" value="${action}" aria-label="${action} ${escapeXml(machine.name)}">${action}</button>`,
        ).join(" ")}`,
      ),
    ]),
  );

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${heads[0]}s"><table><thead><tr>${heads
    .map((head) => `<th scope="col">${head}</th>`)
    .join("")}</tr></thead><tbody>${rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`)
    .join("")}</tbody></table></div>`;

const STYLE = `body{max-width:80rem}table{border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #d3d6dd}
.scroll{overflow-x:auto}textarea{display:block;width:100%;max-width:50rem;font:13px/1.4 monospace;margin:.4rem 0}.entry label{display:block}
.problem{border-left:4px solid #b3261e;padding-left:.8rem}.done{border-left:4px solid #1c7c3c;padding-left:.8rem}
@media(prefers-color-scheme:dark){th,td{border-color:#3a3f4a}}`;

const page = (status: number, content: string): HttpReply =>
  htmlPage(status, { title: "Sandbox", style: STYLE, content });
