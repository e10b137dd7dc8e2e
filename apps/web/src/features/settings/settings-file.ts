/** Settings and keys as a file, to keep or to take along. What is read is checked whole: nothing of a bad file is taken. Pure. */
import { KeyboardPreferences, Settings } from "@causeway/wire-contract/preferences";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** Characters of a file that is read; a full one has about 10,000. */
export const SETTINGS_FILE_CHARS_MAX = 64 * 1024;

const closed = { additionalProperties: false } as const;
const SettingsFileContent = Type.Object(
  {
    kind: Type.Literal("causeway-settings"),
    version: Type.Literal(1),
    settings: Settings,
    keyboard: KeyboardPreferences,
  },
  closed,
);

export type SettingsFile = Pick<Static<typeof SettingsFileContent>, "settings" | "keyboard">;

export type ReadSettings = { kind: "read"; file: SettingsFile } | { kind: "refused"; why: string };

export function settingsFileText({ settings, keyboard }: SettingsFile): string {
  return `${JSON.stringify({ kind: "causeway-settings", version: 1, settings, keyboard }, undefined, 2)}\n`;
}

/** @returns why, naming the place, where it is no file of settings */
export function readSettingsFile(text: string): ReadSettings {
  if (text.length > SETTINGS_FILE_CHARS_MAX) return refused("The file is larger than any file of settings.");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return refused("The file is not JSON.");
  }
  if (Value.Check(SettingsFileContent, content))
    return { kind: "read", file: { settings: content.settings, keyboard: content.keyboard } };
  if (!Value.Check(Type.Object({ kind: Type.Literal("causeway-settings") }), content))
    return refused("The file holds no settings of Causeway.");
  if (!Value.Check(Type.Object({ version: Type.Literal(1) }), content))
    return refused("The file was made by another version of Causeway.");
  const [error] = Value.Errors(SettingsFileContent, content);
  const place = error?.instancePath.slice(1).replaceAll("/", ".").slice(0, PLACE_CHARS_MAX);
  return refused(place ? `It does not fit at “${place}”: ${error?.message}.` : "It does not fit.");
}

/** A place is named by the file: cut, so that it stays a sentence. */
const PLACE_CHARS_MAX = 80;

function refused(why: string): ReadSettings {
  return { kind: "refused", why };
}
