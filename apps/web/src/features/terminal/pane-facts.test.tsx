// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { FakeSurface, fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { PaneFacts } from "./pane-facts.tsx";
import { SessionCore } from "./session-core.ts";

const TARGET = { instanceId: "i-0a1f6c83e5d2b7940", instanceName: "checkout-api-04", region: "eu-west-1" };
const IDENTITY = { name: "dana", role: "SRE-Operator", account: "harbor-prod", environment: undefined };

afterEach(cleanup);

test("the card on a narrow pane's menu says what a wide window's status line says", async () => {
  const world = fakeWorld();
  const existing = fakeSession();
  const session = new SessionCore(TARGET, existing, world.deps, (events) => new FakeSurface(events));
  await settle();
  const { container } = render(<PaneFacts session={session} identity={IDENTITY} place="eu-west-1a" />);
  const text = container.textContent ?? "";
  for (const fact of ["SRE-Operator in harbor-prod", "i-0a1f6c83e5d2b7940", "eu-west-1a", existing.awsSessionId])
    expect(text).toContain(fact);
  session.dispose();
});
