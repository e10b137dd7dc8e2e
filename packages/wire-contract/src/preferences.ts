/** What a person chose, kept on the server so that it follows her to every browser. Nothing secret belongs in here. */
import { type Static, Type } from "typebox";
import { RegionId } from "./instances.ts";

export const FAVOURITES_MAX = 200;
export const RECENTS_MAX = 50;
export const SAVED_VIEWS_MAX = 50;
/** The whole document as JSON, in bytes. */
export const PREFERENCES_BYTES_MAX = 48 * 1024;

const closed = { additionalProperties: false } as const;

/** A machine as preferences name it: the same under every identity of its account. */
export const InstanceRef = Type.Object(
  {
    account: Type.String({ pattern: "^[0-9]{12}$" }),
    region: RegionId,
    instanceId: Type.String({ pattern: "^(i|mi)-[0-9a-f]{8,17}$" }),
  },
  closed,
);
export type InstanceRef = Static<typeof InstanceRef>;

export const SavedView = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    /** The filter as it would be typed. */
    filter: Type.String({ maxLength: 400 }),
    /** What the list is grouped by: `tag:<key>`, `account`, `region`, or `none`. */
    groupBy: Type.String({ maxLength: 140 }),
  },
  closed,
);
export type SavedView = Static<typeof SavedView>;

export const InstancePreferences = Type.Object(
  {
    favourites: Type.Array(InstanceRef, { maxItems: FAVOURITES_MAX }),
    /** Newest first. */
    recents: Type.Array(InstanceRef, { maxItems: RECENTS_MAX }),
    views: Type.Array(SavedView, { maxItems: SAVED_VIEWS_MAX }),
    groupBy: Type.Optional(Type.String({ maxLength: 140 })),
  },
  closed,
);
export type InstancePreferences = Static<typeof InstancePreferences>;

/** One member per part of the console; a part that nobody touched is absent. */
export const PreferenceParts = Type.Object({ instances: Type.Optional(InstancePreferences) }, closed);
export type PreferenceParts = Static<typeof PreferenceParts>;

/** `version` counts changes, 0: nothing was ever stored. A change names the version it was made from. */
export const Preferences = Type.Object({ version: Type.Integer({ minimum: 0 }), parts: PreferenceParts }, closed);
export type Preferences = Static<typeof Preferences>;
