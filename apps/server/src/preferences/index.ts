/** The public face of this domain: what a person chose, on whichever browser. */
export { PreferenceStore } from "./preference-store.ts";
export { preferencesPlugin } from "./preferences-plugin.ts";
