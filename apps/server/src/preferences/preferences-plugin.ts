import { Preferences } from "@causeway/wire-contract/preferences";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import type { Clock } from "../platform/clock.ts";
import { type PreferenceStore, preferenceOwnerOf } from "./preference-store.ts";

/** Changes of one person: each is a write to the disk. */
const CHANGE_LIMITS = { attemptsMax: 120, windowMs: 60_000, addressesMax: 10_000 };

export interface PreferencesDependencies {
  store: Pick<PreferenceStore, "read" | "write">;
  clock: Clock;
}

/** What the signed-in person chose. Everybody has only her own: no route names another. */
export const preferencesPlugin = (deps: PreferencesDependencies): FastifyPluginAsyncTypebox =>
  async function preferences(app) {
    const changes = new AttemptLimiter(CHANGE_LIMITS, deps.clock);

    app.get(
      "/me/preferences",
      { config: { access: "signed-in" }, schema: { response: { 200: Preferences } } },
      async (request) => deps.store.read(preferenceOwnerOf(request.awsIdentity)),
    );

    app.put(
      "/me/preferences",
      { config: { access: "signed-in" }, schema: { body: Preferences, response: { 200: Preferences } } },
      async (request) => {
        const owner = preferenceOwnerOf(request.awsIdentity);
        changes.admit(owner.key);
        return deps.store.write(owner, request.body);
      },
    );
  };
