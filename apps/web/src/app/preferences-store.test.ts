import type { Preferences } from "@causeway/wire-contract/preferences";
import { beforeEach, expect, test } from "vitest";
import { ApiProblem, ApiUnreachable } from "../lib/api-client.ts";
import { CHANGES_WAITING_MAX, PreferencesStore } from "./preferences-store.ts";

class FakeServer {
  stored: Preferences = { version: 0, parts: {} };
  /** What other pages do before a change arrives. */
  before: () => void = () => undefined;
  saves = 0;
  unreachable = false;

  preferences = async (): Promise<Preferences> => {
    if (this.unreachable) throw new ApiUnreachable("x");
    return this.stored;
  };
  savePreferences = async (body: Preferences): Promise<Preferences> => {
    this.saves += 1;
    this.before();
    if (this.unreachable) throw new ApiUnreachable("x");
    if (body.version !== this.stored.version) throw new ApiProblem(conflict);
    this.stored = { ...body, version: body.version + 1 };
    return this.stored;
  };
  addGroup(groupBy: string): void {
    const instances = { favourites: [], recents: [], views: [], ...this.stored.parts.instances, groupBy };
    this.stored = { version: this.stored.version + 1, parts: { instances } };
  }
}
const conflict = {
  type: "t",
  title: "t",
  status: 409,
  code: "PREFERENCES_CONFLICT",
  cause: "c",
  remedy: "r",
  retryable: true,
  requestId: "1",
};
const view = (name: string) => ({ name, filter: "", groupBy: "" });
const withView = (name: string) => (store: PreferencesStore) =>
  store.change((before) => ({ ...before, views: [...before.views, view(name)] }));

let server: FakeServer;
let failures: unknown[];
let store: PreferencesStore;
beforeEach(() => {
  server = new FakeServer();
  failures = [];
  store = new PreferencesStore(server, (error) => failures.push(error));
});
const names = () => store.getSnapshot().views.map(({ name }) => name);

test("a change is seen at once, and stored", async () => {
  const stored = withView("a")(store);
  expect(names()).toEqual(["a"]);
  await stored;
  expect(server.stored).toMatchObject({ version: 1, parts: { instances: { views: [view("a")] } } });
});

test("when another page was first the change is made again on top of that page's", async () => {
  await store.load();
  server.addGroup("region");
  await withView("a")(store);
  expect(server.stored.parts.instances).toMatchObject({ groupBy: "region", views: [view("a")] });
});

test("changes made while one is on its way are all stored, in order", async () => {
  await Promise.all(["a", "b", "c"].map((name) => withView(name)(store)));
  await expect.poll(() => server.stored.parts.instances?.views.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("a change that cannot be stored is taken back, and said", async () => {
  await store.load();
  server.unreachable = true;
  await withView("a")(store);
  expect([names(), failures.length]).toEqual([[], 1]);
});

test("a page that is never first gives up after a bound", async () => {
  await store.load();
  server.before = () => server.addGroup("region");
  await withView("a")(store);
  expect(failures).toHaveLength(1);
  expect(server.saves).toBeLessThan(10);
});

test("at the bound a further change is not taken", () => {
  for (let count = 0; count <= CHANGES_WAITING_MAX; count++) void withView(`${count}`)(store);
  expect(names()).toHaveLength(CHANGES_WAITING_MAX);
});
