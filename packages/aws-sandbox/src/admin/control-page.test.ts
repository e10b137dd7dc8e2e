import { expect, test } from "vitest";
import { AWS_RATES } from "../faults/aws-rates.ts";
import { NO_FAULTS, START_FAILURES } from "../faults/fault-plan.ts";
import { readFaultPlan } from "../faults/read-fault-plan.ts";
import { DEFAULT_FLEET } from "../instances/default-fleet.ts";
import { InstanceRegistry } from "../instances/instance-registry.ts";
import { fleetOf } from "../instances/large-fleet.ts";
import { answerControlPage, type ControlPageDeps, isControlPage } from "./control-page.ts";
import { controlView, MACHINES_SHOWN_MAX } from "./control-view.ts";
import { FAULT_PRESETS } from "./fault-presets.ts";

const PASSCODE = "BCDFGHJKL";
const GATEWAY = { isConnected: () => false, listSessions: () => [] };
const KNOWN = {
  operations: ["StartSession", "GenerateDataKey", "Decrypt", "CreateDataChannel", "CreateToken"].concat(
    AWS_RATES.map(({ operation }) => operation),
  ),
  instances: [],
  people: [],
};

function page(view: ControlPageDeps["view"] = () => ({ machines: [], machineCount: 0, sessions: [] })) {
  const asked: string[] = [];
  const deps: ControlPageDeps = {
    passcode: { text: PASSCODE, check: (text) => (text === PASSCODE ? "right" : "wrong") },
    fleet: {
      act: async (id, action) => {
        asked.push(`${action} ${id}`);
        if (id === "i-none") return undefined;
        return id === "i-stuck" ? { ok: false, reason: "it is stopped" } : { ok: true };
      },
    },
    sessions: {
      terminateSession: (id) => {
        asked.push(`end ${id}`);
        return id === "dana-1";
      },
    },
    faults: {
      show: () => ({ plan: NO_FAULTS, on: [], done: {} }),
      readAndSetPlan: (value) => asked.push(`plan ${JSON.stringify(readFaultPlan(value, KNOWN).agents)}`),
    },
    view,
    nowMs: () => 0,
  };
  const post = async (fields: Record<string, string>) => {
    const body = new TextEncoder().encode(new URLSearchParams({ passcode: PASSCODE, ...fields }).toString());
    return answerControlPage(deps, { method: "POST", body });
  };
  return { asked, post, get: () => answerControlPage(deps, { method: "GET", body: new Uint8Array(0) }) };
}

test("the page is the folder itself, and nothing below it", () => {
  expect(["/_sandbox/", "/_sandbox/?a=b", "/_sandbox/faults", "/_sandbox"].map(isControlPage)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("without the passcode it shows a field for it and does nothing, whatever else was sent", async () => {
  const { asked, post, get } = page(() => ({ machines: [], machineCount: 41, sessions: [] }));
  expect((await get()).body).not.toContain("41");
  const refused = await post({ passcode: "wrong", instance: "i-1", action: "stop" });
  expect(refused).toMatchObject({ status: 403, body: expect.stringContaining("The passcode is wrong.") });
  expect(refused.body).not.toContain(PASSCODE);
  expect(asked).toEqual([]);
});

test("it does to a machine what was asked, and says what became of it", async () => {
  const { asked, post } = page();
  expect((await post({ instance: "i-1", action: "reboot" })).body).toContain("Done: reboot i-1.");
  expect((await post({ instance: "i-stuck", action: "find" })).body).toContain("Not done: it is stopped.");
  expect((await post({ instance: "i-none", action: "stop" })).body).toContain("There is no such machine.");
  expect((await post({ instance: "i-1", action: "explode" })).body).toContain("There is no such action.");
  expect(asked).toEqual(["reboot i-1", "find i-stuck", "stop i-none"]);
});

test("it ends a session", async () => {
  const { post } = page();
  expect((await post({ session: "dana-1" })).body).toContain("Ended dana-1.");
  expect((await post({ session: "dana-2" })).body).toContain("There is no such session.");
});

test("it puts a ready-made fault in force, or a plan, and leaves one that it cannot read in the field", async () => {
  const { asked, post } = page();
  expect((await post({ preset: "blank" })).body).toContain("In force: A blank screen");
  expect((await post({ plan: '{"agents":[{"fails":"handshake"}]}' })).body).toContain("In force: The plan.");
  expect(asked).toEqual(['plan [{"fails":"blank"}]', 'plan [{"fails":"handshake"}]']);
  const misspelt = await post({ plan: '{"agent":[]}' });
  expect(misspelt.body).toContain("Not set: the plan: &quot;agent&quot; is not known here.");
  expect(misspelt.body).toContain("{&quot;agent&quot;:[]}</textarea>");
  expect((await post({ plan: "{" })).body).toContain("Not set: it is not JSON.");
  expect((await post({ preset: "none such" })).body).toContain("There is no such fault.");
});

test("every ready-made fault is a plan that can be read", () => {
  for (const { plan } of FAULT_PRESETS) expect(() => readFaultPlan(plan, KNOWN)).not.toThrow();
  expect(new Set(FAULT_PRESETS.map(({ id }) => id)).size).toBe(FAULT_PRESETS.length);
});

test("every way in which a session does not start is among the ready-made faults", () => {
  const fails = FAULT_PRESETS.flatMap(({ plan }) => (plan.agents ?? []).map((rule) => rule.fails));
  for (const failure of START_FAILURES) expect(fails).toContain(failure);
});

test("names of sessions and machines are text, whatever they hold", async () => {
  const evil = "<img src=x>\"'";
  const { post } = page(() => ({
    machineCount: 1,
    machines: [
      {
        id: evil,
        name: evil,
        account: evil,
        region: evil,
        state: evil,
        pingStatus: evil,
        agentVersion: evil,
        isConnected: false,
        trouble: evil,
      },
    ],
    sessions: [{ sessionId: evil, target: evil, status: evil }],
  }));
  expect((await post({})).body).not.toMatch(/<img|"'/);
});

test("it may load nothing, be framed by nobody and send its forms nowhere else", async () => {
  const { headers } = await page().get();
  expect(headers["content-security-policy"]).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
});

test("of a large fleet the ready-made machines come first, and no more rows than the bound", () => {
  const view = controlView(new InstanceRegistry(fleetOf(2_000), 0), GATEWAY, 0);
  expect(view.machineCount).toBe(2_000);
  expect(view.machines).toHaveLength(MACHINES_SHOWN_MAX);
  expect(view.machines.slice(0, DEFAULT_FLEET.length).map(({ id }) => id)).toEqual(DEFAULT_FLEET.map(({ id }) => id));
});

test("a machine that cannot be opened has its cause beside it", () => {
  const { machines } = controlView(new InstanceRegistry(DEFAULT_FLEET, 0), GATEWAY, 0);
  expect(machines.find(({ name }) => name === "syd-batch-01")?.trouble).toBe("its disk is full");
  expect(machines.find(({ name }) => name === "batch-nightly-02")).toMatchObject({ pingStatus: "", agentVersion: "" });
});
