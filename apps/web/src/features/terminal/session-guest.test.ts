import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { expect, test } from "vitest";
import { fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { make, reconnect } from "../../test-support/session-bench.ts";
import type { SharedUse } from "./terminal-types.ts";

/** A page that came by a link: whether it may type is the test's word. */
class Guest implements SharedUse {
  readonly told: ServerMessage["type"][] = [];
  may = false;
  dropped = 0;
  gaps = 0;
  handleMessage({ type }: ServerMessage): void {
    this.told.push(type);
  }
  handleGap(): void {
    this.gaps++;
  }
  readonly guest = {
    mayType: () => this.may,
    onKeyDropped: () => {
      this.dropped++;
    },
  };
}

async function watching() {
  const world = fakeWorld();
  const guest = new Guest();
  world.deps.shared = guest;
  const b = make(fakeSession(), world);
  await settle();
  b.socket().open();
  b.socket().attached({ role: "viewer" });
  b.socket().say({ type: "pong", id: 0 });
  await settle();
  return { b, guest };
}

test("a key of a viewer who may not type is not sent, and counted", async () => {
  const { b, guest } = await watching();
  b.surface.type("ls");
  await settle();
  expect(b.socket().typed).toBe("");
  expect(guest.dropped).toBeGreaterThan(0);
  guest.may = true;
  b.surface.type("w");
  await settle();
  expect(b.socket().typed).toBe("w");
});

test("what a holder typed into a broken line is never sent later: nobody knows who may type then", async () => {
  const { b, guest } = await watching();
  guest.may = true;
  b.surface.type("rm x");
  b.socket().drop();
  await settle();
  guest.may = false;
  await reconnect(b, { role: "viewer" });
  expect(guest.gaps).toBeGreaterThan(0);
  expect(b.socket().typed).toBe("");
  expect(b.session.getStatus()).toMatchObject({ kind: "open", heldKeys: { keys: 0, asking: false } });
});

test("a link that ended is not dialled again", async () => {
  const { b, guest } = await watching();
  b.socket().say({ type: "share-ended", why: "revoked" });
  b.socket().drop(4002, "SHARE_ENDED");
  await settle();
  expect(guest.told).toContain("share-ended");
  expect(b.session.getStatus().kind).toBe("ended");
});
